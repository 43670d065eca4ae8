package dev.panoptes.integrity.declared;

import dev.panoptes.integrity.declared.ManifestFiles.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what kustomizations name (kustomize, "The Kustomization File"). Only those are applied that no other one takes in. Patches
 * are not applied: what one may change is not known any more.
 */
final class Kustomizations {
    private static final int DEEPEST = 20;
    private static final int MOST = 20_000;

    /** Fields by which anything may be changed or added. */
    private static final List<String> OPEN = List.of(
            "components",
            "transformers",
            "generators",
            "replacements",
            "vars",
            "helmCharts",
            "helmChartInflationGenerator");

    /** @param namespace that a kustomization gives; null where the object's own counts @param open see {@link Manifests.Identity} */
    record Placed(
            Written object,
            @Nullable String namespace,
            @Nullable String open) {
        Placed in(@Nullable String outer) {
            return outer == null ? this : new Placed(object, outer, open);
        }

        Placed opened(String why) {
            return open != null ? this : new Placed(object, namespace, why);
        }
    }

    private final ManifestFiles files;
    private final Map<String, String> byFolder = new HashMap<>();
    private final Set<String> takenIn = new HashSet<>();
    private final Set<String> used = new HashSet<>();
    private int left = MOST;

    Kustomizations(ManifestFiles files) {
        this.files = files;
        files.kustomizations().keySet().forEach(file -> byFolder.put(ManifestFiles.folder(file), file));
        files.kustomizations().forEach(this::refer);
    }

    private void refer(String file, YamlNode.Fields node) {
        for (String named : entries(node, "resources", "bases", "components", "crds", "configurations")) {
            String path = ContainerPath.belowRoot(ManifestFiles.folder(file), named);
            if (path != null) {
                used.add(path);
                String other = byFolder.get(path);
                if (other != null && !other.equals(file)) {
                    takenIn.add(other);
                }
            }
        }
        for (YamlNode patch : patches(node)) {
            String path = patch instanceof YamlNode.Scalar scalar ? scalar.text() : ManifestYaml.text(patch, "path");
            String below = path == null || path.contains("\n")
                    ? null
                    : ContainerPath.belowRoot(ManifestFiles.folder(file), path);
            if (below != null) {
                used.add(below);
            }
        }
    }

    /** True for a file that a kustomization names, or that lies beside one: it is not applied by itself. */
    boolean holds(String file) {
        return used.contains(file) || byFolder.containsKey(ManifestFiles.folder(file));
    }

    /** What each kustomization that is applied by itself makes, by its file. */
    Map<String, List<Placed>> applied() {
        Map<String, List<Placed>> applied = new LinkedHashMap<>();
        files.kustomizations().forEach((file, node) -> {
            if (!takenIn.contains(file) && !"Component".equals(ManifestYaml.text(node, "kind"))) {
                applied.put(file, build(file, node, 0));
            }
        });
        return applied;
    }

    private List<Placed> build(String file, YamlNode.Fields node, int depth) {
        List<Placed> placed = new ArrayList<>();
        String open = OPEN.stream()
                .filter(key -> !ManifestYaml.items(node, key).isEmpty() || ManifestYaml.fields(node, key) != null)
                .findFirst()
                .map(key -> file + " may change it by its " + key)
                .orElse(null);
        for (String named : entries(node, "resources", "bases")) {
            String path = ContainerPath.belowRoot(ManifestFiles.folder(file), named);
            String below = path == null ? null : byFolder.get(path);
            List<Written> written = path == null ? null : files.files().get(path);
            if (below != null && depth < DEEPEST && left > 0) {
                placed.addAll(build(
                        below,
                        java.util.Objects.requireNonNull(files.kustomizations().get(below)),
                        depth + 1));
            } else if (written != null) {
                written.forEach(object -> placed.add(new Placed(object, null, null)));
                left -= written.size();
            } else {
                open = open == null ? file + " takes in " + shortened(named) + ", which is not in the tree" : open;
            }
        }
        String namespace = ManifestYaml.text(node, "namespace");
        Patched patched = patched(file, node);
        String whole = open == null ? patched.all : open;
        List<Placed> result = new ArrayList<>();
        for (Placed each : placed) {
            String why = whole != null ? whole : patched.why(each.object());
            Placed here = each.in(namespace);
            result.add(why == null ? here : here.opened(why));
        }
        return result;
    }

    /** @param all why everything may be changed; null where not @param some by kind and name, or kind alone */
    private record Patched(@Nullable String all, Map<String, String> some) {
        @Nullable
        String why(Written object) {
            String why = some.get(object.kind() + "/" + object.name());
            return why == null ? some.get(object.kind() + "/") : why;
        }
    }

    private Patched patched(String file, YamlNode.Fields node) {
        Map<String, String> some = new HashMap<>();
        String all = null;
        String why = file + " patches it";
        for (YamlNode patch : patches(node)) {
            String kind = ManifestYaml.text(patch, "target", "kind");
            String name = ManifestYaml.text(patch, "target", "name");
            boolean target = ManifestYaml.at(patch, "target") != null;
            if (target && kind != null && (name == null || name.matches("[a-z0-9.-]+"))) {
                some.put(kind + "/" + (name == null ? "" : name), why);
                continue;
            }
            List<Written> parts = target ? List.of() : parts(file, patch);
            if (parts.isEmpty()) {
                all = why;
            }
            parts.forEach(part -> some.put(part.kind() + "/" + part.name(), why));
        }
        return new Patched(all, some);
    }

    private List<Written> parts(String file, YamlNode patch) {
        String text = patch instanceof YamlNode.Scalar scalar ? scalar.text() : null;
        String path = text == null ? ManifestYaml.text(patch, "path") : text.contains("\n") ? null : text;
        if (path != null) {
            String below = ContainerPath.belowRoot(ManifestFiles.folder(file), path);
            List<Written> written = below == null ? null : files.files().get(below);
            return written == null ? List.of() : written;
        }
        String inline = text == null ? ManifestYaml.text(patch, "patch") : text;
        return inline == null ? List.of() : files.inline(file, inline);
    }

    private static List<YamlNode> patches(YamlNode.Fields node) {
        return Stream.of("patches", "patchesStrategicMerge", "patchesJson6902")
                .flatMap(key -> ManifestYaml.items(node, key).stream())
                .toList();
    }

    private static Set<String> entries(YamlNode.Fields node, String... keys) {
        Set<String> entries = new LinkedHashSet<>();
        for (String key : keys) {
            for (YamlNode item : ManifestYaml.items(node, key)) {
                if (item instanceof YamlNode.Scalar scalar && !scalar.isNull()) {
                    entries.add(scalar.text());
                }
            }
        }
        return entries;
    }

    private static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) + " ..." : text;
    }
}
