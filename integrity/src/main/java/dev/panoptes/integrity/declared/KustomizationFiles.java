package dev.panoptes.integrity.declared;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which of the files and folders that kustomizations name are not there (kustomize, "resources", "components", "patches"). */
public final class KustomizationFiles {
    private static final int MOST = 500;
    private static final List<String> NAMES = List.of("kustomization.yaml", "kustomization.yml", "Kustomization");
    private static final List<String> LISTS = List.of(
            "resources",
            "bases",
            "components",
            "patchesStrategicMerge",
            "crds",
            "configurations",
            "generators",
            "transformers");
    /** Lists whose entries may name a file. */
    private static final List<String> PATHS = List.of("patches", "patchesJson6902", "replacements");
    /** A relative path: neither an address of a repository nor a patch that is written there. */
    private static final Pattern PATH = Pattern.compile("(?:\\.{1,2}/)*[\\w-][\\w.-]*(?:/[\\w.-]+)*/?");
    /** {@code github.com/owner/repository} is fetched. */
    private static final Pattern FETCHED = Pattern.compile("[\\w-]+(\\.[\\w-]+)+/(?!.*\\.ya?ml$).*");

    private KustomizationFiles() {}

    /** @param written as the kustomization names it */
    public record Named(String written, int line) {}

    /** @param file rootPath of a kustomization @param missing what surely is not there */
    public record Read(String file, List<Named> missing) {}

    /** Of those that are applied, and of those that they take in. */
    public static List<Read> of(Declarations declarations) {
        Deque<String> left = new ArrayDeque<>();
        declarations.manifests().sets().stream()
                .map(Manifests.ManifestSet::place)
                .filter(place -> NAMES.contains(place.substring(place.lastIndexOf('/') + 1)))
                .forEach(left::add);
        Set<String> seen = new HashSet<>(left);
        List<Read> reads = new ArrayList<>();
        while (!left.isEmpty() && reads.size() < MOST) {
            String file = left.remove();
            String text = declarations.code().text(file);
            if (text != null) {
                reads.add(new Read(file, missing(declarations, file, text, seen, left)));
            }
        }
        return reads;
    }

    private static List<Named> missing(
            Declarations declarations, String file, String text, Set<String> seen, Deque<String> more) {
        List<Named> missing = new ArrayList<>();
        for (YamlNode root : YamlDocuments.parse(file, text, new ArrayList<>())) {
            for (YamlNode.Scalar named : named(root)) {
                String written = named.text();
                String rootPath = PATH.matcher(written).matches()
                                && !FETCHED.matcher(written).matches()
                        ? ContainerPath.belowRoot(HostProcessReader.folder(file), written)
                        : null;
                if (rootPath == null
                        || !(declarations.paths().below(rootPath)
                                instanceof DeployedPath.Below(String found, boolean exists, boolean folder))) {
                    continue;
                }
                String other = folder ? kustomization(declarations, found) : null;
                if (other != null && seen.add(other)) {
                    more.add(other);
                }
                if (!exists) {
                    missing.add(new Named(written, named.line()));
                }
            }
        }
        return missing;
    }

    private static List<YamlNode.Scalar> named(YamlNode root) {
        List<YamlNode> named = new ArrayList<>();
        LISTS.forEach(list -> named.addAll(ManifestYaml.items(root, list)));
        for (String list : PATHS) {
            for (YamlNode each : ManifestYaml.items(root, list)) {
                YamlNode path = ManifestYaml.at(each, "path");
                if (path != null) {
                    named.add(path);
                }
            }
        }
        return named.stream()
                .filter(YamlNode.Scalar.class::isInstance)
                .map(YamlNode.Scalar.class::cast)
                .toList();
    }

    private static @Nullable String kustomization(Declarations declarations, String folder) {
        for (String name : NAMES) {
            String file = folder.isEmpty() ? name : folder + "/" + name;
            if (declarations.paths().below(file) instanceof DeployedPath.Below below && below.exists()) {
                return file;
            }
        }
        return null;
    }
}
