package dev.panoptes.detection.sigma;

import dev.panoptes.core.yaml.YamlNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The rule files below directories: {@code *.yml} and {@code *.yaml}, without cases and placeholders. */
public final class RuleFiles {
    private static final int MOST = 200_000;
    private static final long LARGEST = 8 << 20;
    private static final String PLACEHOLDERS = "placeholders.yml";

    private RuleFiles() {}

    /** @param placeholders the text of each {@code placeholders.yml} */
    public record Found(List<RuleText> rules, List<RuleText> placeholders) {
        public Found {
            rules = List.copyOf(rules);
            placeholders = List.copyOf(placeholders);
        }

        /** These and others. */
        public Found plus(Found other) {
            return new Found(
                    Stream.concat(rules.stream(), other.rules.stream()).toList(),
                    Stream.concat(placeholders.stream(), other.placeholders.stream())
                            .toList());
        }
    }

    /**
     * Reads a directory, or one file. Links are followed to files, not to directories.
     *
     * @throws IOException where the directory or a file cannot be read
     */
    public static Found read(Path root) throws IOException {
        List<RuleText> rules = new ArrayList<>();
        List<RuleText> placeholders = new ArrayList<>();
        for (Path file : files(root)) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".cases.yml")) {
                continue;
            }
            String text = Files.size(file) > LARGEST
                    ? "# larger than " + (LARGEST >> 20) + " MiB"
                    : new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            (name.equals(PLACEHOLDERS) ? placeholders : rules).add(new RuleText(file.toString(), text));
        }
        return new Found(rules, placeholders);
    }

    private static List<Path> files(Path root) throws IOException {
        if (Files.isRegularFile(root)) {
            return List.of(root);
        }
        if (!Files.isDirectory(root)) {
            throw new IOException(root + " is no directory that can be read");
        }
        try (Stream<Path> walk = Files.walk(root)) {
            List<Path> files = walk.filter(file ->
                            file.toString().endsWith(".yml") || file.toString().endsWith(".yaml"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .limit(MOST + 1L)
                    .toList();
            if (files.size() > MOST) {
                throw new IOException(root + " holds more than " + MOST + " rule files");
            }
            return files;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Placeholder -> values. */
    static Map<String, List<String>> placeholders(List<RuleText> files, List<Problem> problems) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (RuleText file : files) {
            RuleYaml.Read read = RuleYaml.read(file.file(), file.text());
            problems.addAll(read.problems());
            try {
                for (YamlNode document : read.roots()) {
                    if (document instanceof YamlNode.Mapping map) {
                        map.entries().forEach(entry -> values.put(entry.key(), texts(entry.value())));
                    }
                }
            } catch (Broken e) {
                problems.add(new Problem(file.file(), e.line(), e.reason()));
            }
        }
        return values;
    }

    private static List<String> texts(YamlNode node) {
        List<YamlNode> nodes = node instanceof YamlNode.Sequence list ? list.items() : List.of(node);
        List<String> texts = new ArrayList<>();
        for (YamlNode item : nodes) {
            if (!(item instanceof YamlNode.Scalar scalar)) {
                throw new Broken(RuleYaml.line(item), "a placeholder's value is " + item.kind());
            }
            texts.add(scalar.text());
        }
        return texts;
    }
}
