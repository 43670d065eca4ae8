package dev.panoptes.detection.sigma;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules that ship with the program. */
public final class OwnRules {
    private OwnRules() {}

    /** They, named as in the source tree. */
    public static RuleFiles.Found read() {
        URL directory = OwnRules.class.getResource("/rules");
        if (directory == null) {
            throw new IllegalStateException("the program was built without its rules");
        }
        try {
            URI uri = directory.toURI();
            if (!uri.getScheme().equals("jar")) {
                return read(Path.of(uri));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return read(jar.getPath("/rules"));
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cases beside a rule of ours; null where there are none. @param file as {@link #read} names it */
    public static @Nullable RuleText cases(String file) {
        if (!file.matches("rules/[A-Za-z0-9_-]+\\.yml")) {
            return null;
        }
        String name = file.substring(0, file.length() - ".yml".length()) + ".cases.yml";
        try (InputStream in = OwnRules.class.getResourceAsStream("/" + name)) {
            return in == null ? null : new RuleText(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RuleFiles.Found read(Path directory) throws IOException {
        List<RuleText> rules = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(".yml") && !name.endsWith(".cases.yml")) {
                    rules.add(new RuleText("rules/" + name, Files.readString(file)));
                }
            }
        }
        return new RuleFiles.Found(rules, List.of());
    }
}
