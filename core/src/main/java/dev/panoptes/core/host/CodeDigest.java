package dev.panoptes.core.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of the code that a process runs: the file its interpreter was started with, or the executable of a native program,
 * which is read through {@code /proc/PID/exe} and so found even after it was deleted. Modules that the file loads do not
 * count: what lies beside a program is not known to run. Each file is read once; not thread-safe.
 */
final class CodeDigest {
    private static final long LARGEST_FILE = 256L << 20;
    private static final long MOST_BYTES = 1L << 30;

    private final HostFiles files;
    private final Map<Identity, String> known = new HashMap<>();
    private long spent;

    CodeDigest(HostFiles files) {
        this.files = files;
    }

    private record Identity(Object key, long size, FileTime modified) {}

    /** Null where it cannot be told which file that is, or it cannot be read, or is too large. */
    @Nullable
    String of(HostProcess process) throws InterruptedException {
        if (process.apart() != null) {
            return null;
        }
        String real = process.realScript();
        if (real != null) {
            return of(real);
        }
        boolean interpreted = process.script() != null
                || !(ScriptParser.parse(process.exe(), process.command(), process.cwd()) instanceof Script.Native);
        return interpreted ? null : of("/proc/" + process.pid() + "/exe");
    }

    private @Nullable String of(String path) throws InterruptedException {
        try {
            Path file = files.locate(path);
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile() || attributes.size() > LARGEST_FILE) {
                return null;
            }
            Identity identity = new Identity(
                    Objects.requireNonNullElse(attributes.fileKey(), file),
                    attributes.size(),
                    attributes.lastModifiedTime());
            String before = known.get(identity);
            if (before != null || spent + attributes.size() > MOST_BYTES) {
                return before;
            }
            spent += attributes.size();
            String digest = sha256(file);
            known.put(identity, digest);
            return digest;
        } catch (IOException e) {
            return null;
        }
    }

    private static String sha256(Path file) throws IOException, InterruptedException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[65_536];
            long total = 0;
            int read;
            while ((read = in.read(buffer)) > 0 && total <= LARGEST_FILE) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                sha256.update(buffer, 0, read);
                total += read;
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
