package dev.panoptes.sensors.persistence;

import dev.panoptes.core.host.HostFiles;
import dev.panoptes.sensors.packages.Spelling;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of a host for one look. Paths are the host's; where a directory at its top is a link (merged /usr) there is one
 * spelling, the one behind the link. What may not be read is remembered. For one thread.
 */
final class Tree {
    private static final int MOST = 4 << 20;
    private static final int MOST_ENTRIES = 100_000;

    private final HostFiles files;
    private final Spelling spelling;
    private final Set<String> refused = new TreeSet<>();
    private @Nullable List<Account> accounts;

    Tree(HostFiles files) {
        this.files = files;
        this.spelling = new Spelling(files);
    }

    boolean isLive() {
        return files.isLive();
    }

    /** What was there but could not be read. */
    Set<String> refused() {
        return refused;
    }

    /** The one spelling of a path. */
    String spell(String path) {
        return spelling.of(path);
    }

    /** Sorted names in a directory; none where it is not there or may not be read. */
    List<String> names(String directory) {
        try {
            if (!Files.isDirectory(files.locate(directory))) {
                return List.of();
            }
            List<String> names = new ArrayList<>(files.list(directory));
            names.sort(null);
            return names.size() > MOST_ENTRIES ? names.subList(0, MOST_ENTRIES) : names;
        } catch (IOException e) {
            refuse(directory, e);
            return List.of();
        }
    }

    /** Regular files of a directory, links to such included, by their paths in one spelling. */
    List<String> files(String directory) {
        List<String> found = new ArrayList<>();
        for (String name : names(directory)) {
            String path = spell(directory + "/" + name);
            if (files.isFile(path)) {
                found.add(path);
            }
        }
        return found;
    }

    /** The same of a directory and those within it, for so many levels. */
    List<String> deepFiles(String directory, int levels) {
        List<String> found = new ArrayList<>(files(directory));
        if (levels > 0) {
            for (String name : names(directory)) {
                String inner = directory + "/" + name;
                if (isDirectory(inner) && !isLink(inner)) {
                    found.addAll(deepFiles(inner, levels - 1));
                }
            }
        }
        return found;
    }

    /** Paths that fit a pattern whose parts may hold {@code *}. */
    List<String> glob(String pattern) {
        List<String> at = List.of("");
        for (String part : pattern.substring(1).split("/")) {
            List<String> next = new ArrayList<>();
            for (String base : at) {
                if (part.indexOf('*') < 0) {
                    next.add(base + "/" + part);
                } else {
                    Pattern names = Pattern.compile(Pattern.quote(part).replace("*", "\\E.*\\Q"));
                    for (String name : names(base.isEmpty() ? "/" : base)) {
                        if (names.matcher(name).matches() && (part.startsWith(".") || !name.startsWith("."))) {
                            next.add(base + "/" + name);
                        }
                    }
                }
            }
            at = next;
        }
        Set<String> spelled = new LinkedHashSet<>();
        for (String path : at) {
            String one = spell(path);
            if (exists(one)) {
                spelled.add(one);
            }
        }
        return List.copyOf(spelled);
    }

    boolean isFile(String path) {
        return files.isFile(path);
    }

    boolean exists(String path) {
        Path place = locate(path);
        return place != null && Files.exists(place, LinkOption.NOFOLLOW_LINKS);
    }

    boolean isDirectory(String path) {
        Path place = locate(path);
        return place != null && Files.isDirectory(place);
    }

    boolean isLink(String path) {
        return link(path) != null;
    }

    /** Where a link leads, as written; null where it is none. */
    @Nullable
    String link(String path) {
        try {
            return files.readLink(path);
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    boolean isExecutable(String path) {
        Path place = locate(path);
        if (place == null) {
            return false;
        }
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(place);
            return mode.contains(PosixFilePermission.OWNER_EXECUTE)
                    || mode.contains(PosixFilePermission.GROUP_EXECUTE)
                    || mode.contains(PosixFilePermission.OTHERS_EXECUTE);
        } catch (IOException e) {
            return false;
        }
    }

    /** Name of the owner of a file, by the host's own accounts; null where it cannot be told. */
    @Nullable
    String owner(String path) {
        Path place = locate(path);
        try {
            if (place != null && Files.getAttribute(place, "unix:uid") instanceof Integer uid) {
                for (Account account : accounts()) {
                    if (account.uid() == uid) {
                        return account.name();
                    }
                }
                return Integer.toString(uid);
            }
        } catch (IOException e) {
            return null;
        }
        return null;
    }

    /** The bytes of a file; null where it is not there, no regular file, or may not be read. */
    byte @Nullable [] bytes(String path) {
        try {
            return files.read(path, MOST);
        } catch (IOException e) {
            refuse(path, e);
            return null;
        }
    }

    @Nullable
    String text(String path) {
        byte[] bytes = bytes(path);
        return bytes == null ? null : new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** SHA-256 of a file; empty where it may not be read. */
    String digest(String path) {
        byte[] bytes = bytes(path);
        return bytes == null ? "" : Entry.sha256(bytes);
    }

    /** A line of a file. @param number from 1 */
    record Line(int number, String text) {}

    /** The lines of a file without those that are empty or a comment; a backslash at the end of a line joins the next. */
    List<Line> lines(String path) {
        return lines(path, "#");
    }

    List<Line> lines(String path, String comment) {
        String text = text(path);
        List<Line> lines = new ArrayList<>();
        if (text == null) {
            return lines;
        }
        int number = 0;
        int begun = 0;
        StringBuilder joined = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            number++;
            String stripped = line.strip();
            if (joined.isEmpty()) {
                begun = number;
                if (stripped.isEmpty() || stripped.startsWith(comment)) {
                    continue;
                }
            }
            if (stripped.endsWith("\\")) {
                joined.append(stripped, 0, stripped.length() - 1).append(' ');
                continue;
            }
            joined.append(stripped);
            lines.add(new Line(begun, joined.toString()));
            joined.setLength(0);
        }
        if (!joined.isEmpty()) {
            lines.add(new Line(begun, joined.toString().strip()));
        }
        return lines;
    }

    /** The users of the host, from {@code /etc/passwd}. */
    List<Account> accounts() {
        if (accounts == null) {
            List<Account> read = new ArrayList<>();
            String text = text("/etc/passwd");
            for (String line : (text == null ? "" : text).split("\n")) {
                String[] fields = line.split(":", -1);
                if (fields.length >= 7 && fields[2].matches("\\d{1,10}")) {
                    read.add(
                            new Account(fields[0], fields[1], Long.parseLong(fields[2]), fields[5], fields[6].strip()));
                }
            }
            accounts = read;
        }
        return accounts;
    }

    /** User by home directory; homes that nobody has but lie in /home are their directory's. */
    Map<String, String> homes() {
        Map<String, String> homes = new LinkedHashMap<>();
        for (Account account : accounts()) {
            if (account.home().length() > 1 && account.home().startsWith("/") && isDirectory(account.home())) {
                homes.putIfAbsent(account.home(), account.name());
            }
        }
        homes.putIfAbsent("/root", "root");
        for (String name : names("/home")) {
            if (isDirectory("/home/" + name)) {
                homes.putIfAbsent("/home/" + name, name);
            }
        }
        return homes;
    }

    @Nullable
    Path locate(String path) {
        try {
            return files.locate(path);
        } catch (IOException e) {
            return null;
        }
    }

    private void refuse(String path, IOException e) {
        if (e instanceof AccessDeniedException || String.valueOf(e.getMessage()).contains("Permission denied")) {
            refused.add(path);
        }
    }
}
