package dev.panoptes.detection.sigma;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
