package dev.panoptes.code;

import dev.panoptes.core.IoReason;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Which build of the readers this is: what one of them made of a file, another may see otherwise. */
final class Build {
    /** A jar ends with a list of its classes and their checksums. */
    private static final int END = 1 << 16;

    private Build() {}

    /** Null where it cannot be told. */
    static @Nullable String identity() {
        StringBuilder identity = new StringBuilder();
        for (Class<?> one : List.of(Build.class, IoReason.class)) {
            java.security.CodeSource source = one.getProtectionDomain().getCodeSource();
            if (source == null) {
                return null;
            }
            try {
                Path place = Path.of(source.getLocation().toURI());
                identity.append(Files.isDirectory(place) ? folder(place) : jar(place))
                        .append(' ');
            } catch (IOException | URISyntaxException | IllegalArgumentException e) {
                return null;
            }
        }
        return identity.toString();
    }

    private static String jar(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            ByteBuffer end = ByteBuffer.allocate((int) Math.min(size, END));
            channel.read(end, size - end.capacity());
            CRC32C crc = new CRC32C();
            crc.update(end.flip());
            return size + "-" + Files.getLastModifiedTime(file).toMillis() + "-" + crc.getValue();
        }
    }

    private static String folder(Path folder) throws IOException {
        CRC32C crc = new CRC32C();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                crc.update((file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file))
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        return Long.toString(crc.getValue());
    }
}
