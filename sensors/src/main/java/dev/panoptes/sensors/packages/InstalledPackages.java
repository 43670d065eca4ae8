package dev.panoptes.sensors.packages;

import dev.panoptes.core.host.HostFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The databases of dpkg(1) ({@code status}, and {@code info/*.list} and {@code *.md5sums}) and of rpm(8). They are streamed for
 * the paths that are asked for and nothing of them is kept, for they are large. Where a host has neither no file has an owner
 * here.
 */
public final class InstalledPackages {
    private static final String INFO = "/var/lib/dpkg/info";
    private static final int MOST = 64 << 20;

    private final HostFiles files;
    private final UnaryOperator<String> spell;

    /** @param spell the one spelling of a path, where a host has two for one file */
    public InstalledPackages(HostFiles files, UnaryOperator<String> spell) {
        this.files = files;
        this.spell = spell;
    }

    /** @param digest MD5 as the package has it; null where it does not say */
    private record Owned(String name, @Nullable String digest) {}

    /** Those of the paths that a package owns. */
    public Map<String, Ownership> owners(Collection<String> paths) throws InterruptedException {
        Set<String> wanted = new HashSet<>(paths);
        Map<String, Ownership> result = new HashMap<>();
        if (wanted.isEmpty()) {
            return result;
        }
        try {
            rpm(wanted, result);
        } catch (IOException e) {
            result.clear(); // the database cannot be read: nothing is known of any file
        }
        try {
            if (files.isFile("/var/lib/dpkg/status")) {
                dpkg(wanted, result);
            }
        } catch (IOException e) {
            return Map.of();
        }
        return result;
    }

    private void rpm(Set<String> wanted, Map<String, Ownership> result) throws IOException, InterruptedException {
        new RpmDatabase(files, spell)
                .owners(wanted)
                .forEach((path, owner) -> result.put(
                        path,
                        new Ownership(
                                owner.name(),
                                owner.version(),
                                owner.digest() == null ? null : verified(path, owner.digest(), owner.algorithm()))));
    }

    private void dpkg(Set<String> wanted, Map<String, Ownership> result) throws IOException, InterruptedException {
        Map<String, Owned> owned = new HashMap<>();
        Map<String, String> versions = new HashMap<>();
        status(wanted, owned, versions);
        for (String name : files.list(INFO)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (name.endsWith(".md5sums")) {
                sums(name, wanted, owned);
            } else if (name.endsWith(".list")) {
                list(name, wanted, owned);
            }
        }
        owned.forEach((path, owner) -> result.put(
                path,
                new Ownership(
                        owner.name(),
                        versions.getOrDefault(owner.name(), ""),
                        owner.digest() == null ? null : verified(path, owner.digest(), "MD5"))));
    }

    private static String packageName(String file) {
        String name = file.substring(0, file.lastIndexOf('.'));
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(0, colon);
    }

    private void sums(String file, Set<String> wanted, Map<String, Owned> owned) throws IOException {
        String name = packageName(file);
        try (BufferedReader lines = open(INFO + "/" + file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.length() > 34) {
                    String path = spell.apply("/" + line.substring(34));
                    if (wanted.contains(path)) {
                        owned.put(path, new Owned(name, line.substring(0, 32)));
                    }
                }
            }
        }
    }

    private void list(String file, Set<String> wanted, Map<String, Owned> owned) throws IOException {
        String name = packageName(file);
        try (BufferedReader lines = open(INFO + "/" + file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String path = spell.apply(line);
                if (wanted.contains(path)) {
                    owned.putIfAbsent(path, new Owned(name, null));
                }
            }
        }
    }

    /** Versions, and the digests of configuration files. */
    private void status(Set<String> wanted, Map<String, Owned> owned, Map<String, String> versions) throws IOException {
        String name = "";
        boolean conffiles = false;
        try (BufferedReader lines = open("/var/lib/dpkg/status")) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("Package: ")) {
                    name = line.substring(9).strip();
                } else if (line.startsWith("Version: ")) {
                    versions.put(name, line.substring(9).strip());
                } else if (conffiles && line.startsWith(" ")) {
                    String[] words = line.strip().split(" ");
                    if (words.length > 1) {
                        String path = spell.apply(words[0]);
                        if (wanted.contains(path) && !List.of(words).contains("obsolete")) {
                            owned.put(path, new Owned(name, words[1].matches("[0-9a-f]{32}") ? words[1] : null));
                        }
                    }
                }
                conffiles = line.startsWith("Conffiles:") || (conffiles && line.startsWith(" "));
            }
        }
    }

    private BufferedReader open(String path) throws IOException {
        Path place = files.locate(path);
        if (!Files.isRegularFile(place)) {
            throw new IOException("no regular file");
        }
        InputStream in = Files.newInputStream(place);
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
    }

    private @Nullable Boolean verified(String path, String digest, String algorithm) {
        try {
            byte[] bytes = files.read(path, MOST);
            // What dpkg has is MD5: it tells a change, and is no proof against somebody who wants to hide one.
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(bytes))
                    .equalsIgnoreCase(digest);
        } catch (IOException e) {
            return null;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
