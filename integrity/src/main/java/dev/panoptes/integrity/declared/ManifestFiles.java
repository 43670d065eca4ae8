package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.declared.Manifests.Unread;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The YAML files of a tree that hold Kubernetes objects. Bounded in files and bytes. What a chart's templates render is not known, nor
 * what a file holds that is no YAML before a tool has filled it in.
 */
final class ManifestFiles {
    private static final int LARGEST_BYTES = 1 << 20;
    private static final int LARGEST_CACHED = 1 << 17;
    private static final int MOST_FILES = 10_000;
    private static final int MOST_OBJECTS = 20_000;
    private static final long MOST_BYTES = 64L << 20;
    private static final Set<String> KUSTOMIZATIONS =
            Set.of("kustomization.yaml", "kustomization.yml", "Kustomization");

    /** @param group of its apiVersion, empty for the core one */
    record Written(String kind, String group, YamlNode.Fields node) {
        String file() {
            return node.file();
        }

        @Nullable
        String name() {
            return ManifestYaml.text(node, "metadata", "name");
        }
    }

    private final ScannedTree tree;
    private final YamlCache cache;
    private final List<Problem> problems;
    private final List<Unread> unread = new ArrayList<>();
    private final Map<String, List<Written>> files = new LinkedHashMap<>();
    private final Map<String, YamlNode.Fields> kustomizations = new LinkedHashMap<>();
    private long bytesLeft = MOST_BYTES;
    private int filesLeft = MOST_FILES;
    private int objectsLeft = MOST_OBJECTS;

    private ManifestFiles(ScannedTree tree, YamlCache cache, List<Problem> problems) {
        this.tree = tree;
        this.cache = cache;
        this.problems = problems;
    }

    /** True for a file that may hold Kubernetes objects, or say how they are put together, by its name. */
    static boolean isCalledSo(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".yml") || lower.endsWith(".yaml") || name.equals("Kustomization");
    }

    /** @param problems gets what cannot be read */
    static ManifestFiles in(
            ScannedTree tree, List<DeclarationFiles.Found> found, YamlCache cache, List<Problem> problems)
            throws InterruptedException {
        ManifestFiles files = new ManifestFiles(tree, cache, problems);
        files.read(found);
        return files;
    }

    /** Objects by file, in the order of the files; kustomizations are none of them. */
    Map<String, List<Written>> files() {
        return files;
    }

    /** By the rootPath of their file. */
    Map<String, YamlNode.Fields> kustomizations() {
        return kustomizations;
    }

    List<Unread> unread() {
        return unread;
    }

    static String folder(String file) {
        return file.substring(0, Math.max(0, file.lastIndexOf('/')));
    }

    private void read(List<DeclarationFiles.Found> found) throws InterruptedException {
        Set<String> charts = new HashSet<>();
        for (DeclarationFiles.Found each : found) {
            if (each.name().equals("Chart.yaml")) {
                charts.add(folder(each.rootPath()));
            }
        }
        Set<String> told = new HashSet<>();
        for (DeclarationFiles.Found each : found) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading manifests");
            }
            if (each.link()) {
                continue;
            }
            Optional<String> chart = charts.stream()
                    .filter(folder -> each.rootPath().startsWith(PathNames.join(folder, "templates/")))
                    .findFirst();
            if (chart.isPresent()) {
                if (told.add(chart.get())) {
                    unread.add(new Unread(
                            PathNames.join(chart.get(), "Chart.yaml"),
                            "It is a Helm chart, and what its templates render depends on values"));
                }
                continue;
            }
            if (filesLeft-- <= 0 || bytesLeft <= 0 || objectsLeft <= 0) {
                unread.add(new Unread(each.rootPath(), "There are more YAML files than are read for manifests"));
                return;
            }
            read(each.rootPath(), KUSTOMIZATIONS.contains(each.name()));
        }
    }

    private void read(String file, boolean kustomization) {
        if (!(tree.read(file, LARGEST_BYTES) instanceof Content.Text(String text, String digest))) {
            return;
        }
        bytesLeft -= text.length();
        if (!kustomization && !(text.contains("apiVersion") && text.contains("kind"))) {
            return;
        }
        List<Problem> own = new ArrayList<>();
        List<YamlNode> roots = text.length() > LARGEST_CACHED
                ? YamlDocuments.parse(file, text, own)
                : cache.parse(file, text, digest, own);
        if (roots.isEmpty() && !own.isEmpty()) {
            if (text.contains("{{") || text.contains("{%")) {
                unread.add(new Unread(file, "It is a template that a tool has to fill in"));
            } else if (text.lines().anyMatch(line -> line.startsWith("apiVersion:"))) {
                problems.add(own.getFirst());
            }
            return;
        }
        for (YamlNode root : roots) {
            if (kustomization && root instanceof YamlNode.Fields fields && isKustomize(fields)) {
                kustomizations.put(file, fields);
            } else {
                add(file, root, 0);
            }
        }
    }

    /** Flux calls an object so that is none of kustomize's own. */
    private static boolean isKustomize(YamlNode.Fields fields) {
        String version = ManifestYaml.text(fields, "apiVersion");
        return version == null || version.startsWith("kustomize.config.k8s.io/");
    }

    private void add(String file, YamlNode root, int depth) {
        String version = ManifestYaml.text(root, "apiVersion");
        String kind = ManifestYaml.text(root, "kind");
        if (version == null || kind == null || !(root instanceof YamlNode.Fields fields)) {
            return;
        }
        if (version.equals("v1") && kind.equals("List") && depth == 0) {
            ManifestYaml.items(fields, "items").forEach(item -> add(file, item, 1));
            return;
        }
        if (objectsLeft-- <= 0) {
            return;
        }
        int slash = version.indexOf('/');
        files.computeIfAbsent(file, unused -> new ArrayList<>())
                .add(new Written(kind, slash < 0 ? "" : version.substring(0, slash), fields));
    }

    /** Objects that a patch holds as text; none where it is no YAML. */
    List<Written> inline(String file, String text) {
        List<Written> found = new ArrayList<>();
        for (YamlNode root : YamlDocuments.parse(file, text, new ArrayList<>())) {
            String kind = ManifestYaml.text(root, "kind");
            if (kind != null && root instanceof YamlNode.Fields fields) {
                found.add(new Written(kind, "", fields));
            }
        }
        return found;
    }
}
