package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Problems;
import dev.panoptes.core.yaml.YamlFields;
import dev.panoptes.core.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code chains}: named lists of steps, which may hold steps themselves. */
final class ChainReader {
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
                steps = steps(new YamlFields(map, what, problems).list("steps"), what);
            } else if (!RegistryLoader.isEmpty(entry.value())) {
                problems.add(
                        "wrong-type",
                        entry.value().location(),
                        what + " is " + entry.value().kind() + ", not a map");
            }
            chains.add(new Chain(entry.key(), steps, entry.location()));
        }
        return chains;
    }

    private List<ChainStep> steps(List<YamlNode> items, String what) {
        List<ChainStep> steps = new ArrayList<>();
        for (YamlNode item : items) {
            if (item instanceof YamlNode.Mapping map) {
                YamlFields fields = new YamlFields(map, "a step of " + what, problems);
                steps.add(new ChainStep(
                        fields.plainText("id"),
                        fields.text("agent"),
                        fields.text("action"),
                        fields.text("chain"),
                        steps(fields.list("substeps"), what),
                        map.location()));
            } else {
                problems.add("wrong-type", item.location(), "a step of " + what + " is " + item.kind() + ", not a map");
            }
        }
        return steps;
    }
}
