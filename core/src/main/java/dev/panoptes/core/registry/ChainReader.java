package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Problems;
import dev.panoptes.core.yaml.YamlFields;
import dev.panoptes.core.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads {@code chains}: named lists of steps, which may hold steps themselves. */
final class ChainReader {
    /** Keys of a step under which steps stand. */
    private static final List<String> NESTED =
            List.of("substeps", "steps", "parallel", "then", "else", "do", "finally", "on_error", "catch");

    private static final Set<String> STEP = Set.of("agent", "action", "chain", "id");

    /** Keys of a step that hold what is passed on, which may look like a step and is none. */
    private static final Set<String> DATA = Set.of(
            "params",
            "parameters",
            "args",
            "arguments",
            "input",
            "inputs",
            "output",
            "outputs",
            "with",
            "data",
            "body",
            "payload",
            "context",
            "variables",
            "vars",
            "env",
            "headers",
            "metadata",
            "labels",
            "example",
            "examples",
            "returns",
            "result",
            "mock");

    private final Problems problems;

    ChainReader(Problems problems) {
        this.problems = problems;
    }

    List<Chain> chains(YamlFields top) {
        List<Chain> chains = new ArrayList<>();
        for (YamlNode.Entry entry : RegistryLoader.entries(top.map("chains").orElse(null))) {
            String what = "chain " + Problems.quote(entry.key());
            List<ChainStep> steps = List.of();
            if (entry.value() instanceof YamlNode.Mapping map) {
                RegistryKeys.chain(map, what, problems);
                unread(map, Set.of("steps"), what);
                steps = steps(new YamlFields(map, what, problems).list("steps"), what);
            } else if (!RegistryLoader.isEmpty(entry.value())) {
                problems.add(
                        "wrong-type",
                        entry.value().location(),
                        what + " is " + entry.value().kind() + ", not a map; write its steps below 'steps:'");
            }
            chains.add(new Chain(entry.key(), steps, entry.location()));
        }
        return chains;
    }

    private List<ChainStep> steps(List<YamlNode> items, String what) {
        List<ChainStep> steps = new ArrayList<>();
        for (YamlNode item : items) {
            if (item instanceof YamlNode.Mapping map) {
                RegistryKeys.step(map, "a step of " + what, problems);
                unread(map, Set.copyOf(NESTED), "a step of " + what);
                YamlFields fields = new YamlFields(map, "a step of " + what, problems);
                steps.add(new ChainStep(
                        fields.plainText("id"),
                        fields.text("agent"),
                        fields.text("action"),
                        fields.text("chain"),
                        below(fields, what),
                        map.location()));
            } else {
                problems.add(
                        "wrong-type",
                        item.location(),
                        "a step of " + what + " is " + item.kind() + ", not a map; write - agent: and action: in it");
            }
        }
        return steps;
    }

    /** The steps of a step, whether it runs them one after the other, at once, on a condition or again and again. */
    private List<ChainStep> below(YamlFields fields, String what) {
        List<ChainStep> below = new ArrayList<>();
        for (String key : NESTED) {
            YamlNode value = fields.present(key).orElse(null);
            if (value instanceof YamlNode.Mapping map && map.find("steps").isPresent()) {
                below.addAll(steps(new YamlFields(map, key + " of a step of " + what, problems).list("steps"), what));
            } else if (value instanceof YamlNode.Mapping map && !isStep(map)) {
                // parallel: {left: {agent: ...}, right: {agent: ...}}
                below.addAll(
                        steps(map.entries().stream().map(YamlNode.Entry::value).toList(), what));
            } else if (value instanceof YamlNode.Mapping map) {
                below.addAll(steps(List.of(map), what));
            } else if (value instanceof YamlNode.Sequence list && !key.equals("substeps")) {
                // The name of another step may stand here too, as in "then: notify".
                below.addAll(steps(
                        list.items().stream()
                                .filter(YamlNode.Mapping.class::isInstance)
                                .toList(),
                        what));
            } else if (key.equals("substeps")) {
                below.addAll(steps(fields.list(key), what));
            }
        }
        return below;
    }

    /** Steps below a key that is not read would be passed over in silence. */
    private void unread(YamlNode.Mapping map, Set<String> read, String what) {
        for (YamlNode.Entry entry : map.entries()) {
            if (!read.contains(entry.key()) && !DATA.contains(entry.key()) && callsSomebody(entry.value(), 2)) {
                problems.add(
                        "not-followed",
                        entry.location(),
                        "the key " + Problems.quote(entry.key()) + " of " + what + " holds steps, which were not read;"
                                + " steps stand below " + String.join(", ", NESTED));
            }
        }
    }

    /** True where this is a step that names agent and action, or holds one. @param depth how far down */
    private static boolean callsSomebody(YamlNode value, int depth) {
        return switch (value) {
            case YamlNode.Mapping map ->
                (map.find("agent").isPresent() && map.find("action").isPresent())
                        || (depth > 0
                                && map.entries().stream().anyMatch(entry -> callsSomebody(entry.value(), depth - 1)));
            case YamlNode.Sequence list -> list.items().stream().anyMatch(item -> callsSomebody(item, depth - 1));
            default -> false;
        };
    }

    private static boolean isStep(YamlNode.Mapping map) {
        return map.entries().stream()
                .anyMatch(entry -> STEP.contains(entry.key()) || !(entry.value() instanceof YamlNode.Mapping));
    }
}
