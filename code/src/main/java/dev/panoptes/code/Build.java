package dev.panoptes.code;

import dev.panoptes.core.IoReason;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Which build of the readers this is: what one of them made of a file, another may see otherwise. */
final class Build {
    /** A jar ends with a list of its classes and their checksums. */
    private static final int END = 1 << 16;

    private static final String JAR = ".jar";

    private Build() {}

    /** Null where it cannot be told. */
    static @Nullable String identity() {
        return identity(System.getProperty("java.class.path", ""));
    }

    /** @param classPath where the program was started from, as the virtual machine was told */
    static @Nullable String identity(String classPath) {
        try {
            StringBuilder identity = new StringBuilder();
            for (Path place : classPath.endsWith(JAR) && !classPath.contains(File.pathSeparator)
                    ? beside(Path.of(classPath))
                    : sources()) {
                identity.append(Files.isDirectory(place) ? folder(place) : jar(place))
                        .append(' ');
            }
            return identity.isEmpty() ? null : identity.toString();
        } catch (IOException | UncheckedIOException | URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * The jars of the program that is started by one of them. Its classes are not asked: those from the start-up cache tell where their
     * jars lay when it was made, from the folder in which it was made, where by now none or those of another build may lie.
     */
    private static List<Path> beside(Path jar) throws IOException {
        String name = jar.getFileName().toString();
        String own = name.substring(0, name.length() - JAR.length());
        try (Stream<Path> files = Files.list(jar.toAbsolutePath().getParent())) {
            return files.filter(file -> isJarOf(own, file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isJarOf(String own, String name) {
        return name.startsWith(own) && name.endsWith(JAR);
    }

    private static List<Path> sources() throws URISyntaxException {
        List<Path> places = new ArrayList<>();
        for (Class<?> one : List.of(Build.class, IoReason.class)) {
            CodeSource source = one.getProtectionDomain().getCodeSource();
            URL location = source == null ? null : source.getLocation();
            if (location == null) {
                return List.of();
            }
            places.add(Path.of(location.toURI()));
        }
        return places;
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
