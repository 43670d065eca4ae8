package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.ScannedTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * From which folder the relative paths of a compose file count. Compose takes the folder of the first file that it is given: a
 * file of another name that is given after the standard one of a folder above ({@code -f compose.yaml -f extra/mail.yml}) names
 * its paths from there.
 */
final class ComposeBases {
    private static final int MOST = 200;

    private static final int LARGEST_BYTES = 1 << 18;
    private static final Pattern PROJECT = Pattern.compile("--project-directory\\b[^\\n]*");

    private final ScannedTree tree;
    private final Set<String> folders = new HashSet<>();
    /** Lines that give compose a folder of the project. */
    private final List<String> placed = new ArrayList<>();

    ComposeBases(ScannedTree tree) {
        this.tree = tree;
    }

    /** @param files compose files of the tree */
    void add(Collection<String> files) {
        files.stream()
                .filter(file -> ComposeStarts.STANDARD.contains(PathNames.last(file)))
                .map(PathNames::parent)
                .forEach(folders::add);
    }

    /** @param starters scripts, Makefiles and documents, which may give compose the folder of the project */
    void starters(Collection<String> starters) {
        for (String starter : starters) {
            if (tree.read(starter, LARGEST_BYTES) instanceof ScannedTree.Content.Text(String text, String digest)
                    && text.contains("--project-directory")) {
                PROJECT.matcher(text).results().limit(MOST).forEach(line -> placed.add(line.group()));
            }
        }
    }

    /** The nearest folder above with a standard compose file, which this one may only complete; null where it stands by itself. */
    @Nullable
    String above(String file) {
        String own = PathNames.parent(file);
        if (ComposeStarts.STANDARD.contains(PathNames.last(file)) || own.isEmpty() || folders.contains(own)) {
            return null;
        }
        return PathNames.upwards(PathNames.parent(own)).stream()
                .filter(folders::contains)
                .findFirst()
                .orElse(null);
    }

    /** Its own folder, but the one above where that holds what it names and its own holds nothing of it. */
    String of(String file, List<YamlNode.Fields> documents) {
        String own = PathNames.parent(file);
        List<String> above = candidates(file, own);
        if (above.isEmpty()) {
            return own;
        }
        List<String> named = new ArrayList<>();
        for (YamlNode.Fields document : documents) {
            if (document.get("services") instanceof YamlNode.Fields services) {
                services.entries(MOST).values().forEach(field -> paths(field.value(), named));
            }
        }
        return named.stream().anyMatch(path -> isThere(own, path))
                ? own
                : above.stream()
                        .filter(folder -> named.stream().anyMatch(path -> isThere(folder, path)))
                        .findFirst()
                        .orElse(own);
    }

    private List<String> candidates(String file, String own) {
        String name = PathNames.last(file);
        if (!own.isEmpty() && placed.stream().anyMatch(line -> line.contains(name))) {
            return PathNames.upwards(PathNames.parent(own));
        }
        String above = above(file);
        return above == null ? List.of() : List.of(above);
    }

    private static void paths(YamlNode service, List<String> into) {
        if (!(service instanceof YamlNode.Fields fields)) {
            return;
        }
        switch (fields.get("build")) {
            case YamlNode.Scalar context -> into.add(context.text() + "/Dockerfile");
            case YamlNode.Fields build -> {
                String context = text(build.get("context"));
                String dockerfile = text(build.get("dockerfile"));
                into.add((context == null ? "." : context) + "/" + (dockerfile == null ? "Dockerfile" : dockerfile));
            }
            case null, default -> {
                // Nothing is built.
            }
        }
        for (YamlNode item : items(fields.get("volumes"))) {
            String source = item instanceof YamlNode.Fields mount ? text(mount.get("source")) : text(item);
            if (source != null && source.startsWith(".")) {
                into.add(source.split(":", 2)[0]);
            }
        }
        YamlNode files = fields.get("env_file");
        for (YamlNode item : files instanceof YamlNode.Scalar ? List.of(files) : items(files)) {
            String path = item instanceof YamlNode.Fields options ? text(options.get("path")) : text(item);
            if (path != null) {
                into.add(path);
            }
        }
    }

    private static List<YamlNode> items(@Nullable YamlNode value) {
        return value instanceof YamlNode.Items items
                ? items.items().subList(0, Math.min(MOST, items.items().size()))
                : List.of();
    }

    private static @Nullable String text(@Nullable YamlNode value) {
        return value instanceof YamlNode.Scalar scalar && !scalar.isNull() ? scalar.text() : null;
    }

    private boolean isThere(String folder, String path) {
        String rootPath = path.startsWith("/") || path.contains("$") ? null : ContainerPath.belowRoot(folder, path);
        return rootPath != null && !rootPath.equals(folder) && tree.look(rootPath) instanceof ScannedTree.Place.Here;
    }
}
