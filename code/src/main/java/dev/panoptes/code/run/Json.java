package dev.panoptes.code.run;

import dev.panoptes.core.yaml.YamlDocuments;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON texts (RFC 8259) that stand in code, as values: YAML of which only numbers and three words stand without quotes. */
final class Json {
    private static final YamlReader READER = new YamlReader(new YamlReader.Limits(1 << 16, 20_000, 30, 10_000));
    private static final Map<String, Value> WORDS =
            Map.of("true", Values.constant(true), "false", Values.constant(false), "null", Value.NOTHING);

    private Json() {}

    /** Null where it is no JSON. */
    static @Nullable Value read(String text, Interpreter run) {
        // YAML indents by spaces; in a text of JSON no tab may stand as itself.
        return READER.parseAll(text.replace('\t', ' '), "JSON") instanceof YamlDocuments.Parsed parsed
                        && parsed.roots().size() == 1
                ? value(parsed.roots().getFirst(), run)
                : null;
    }

    private static @Nullable Value value(YamlNode node, Interpreter run) {
        switch (node) {
            case YamlNode.Scalar scalar -> {
                return scalar.plain() ? plain(scalar.text()) : Values.constant(scalar.text());
            }
            case YamlNode.Sequence sequence -> {
                List<Value> items = new ArrayList<>();
                for (YamlNode each : sequence.items()) {
                    Value item = value(each, run);
                    if (item == null) {
                        return null;
                    }
                    items.add(item);
                }
                return run.items(items);
            }
            case YamlNode.Mapping mapping -> {
                Map<String, Value> entries = new LinkedHashMap<>();
                for (YamlNode.Entry each : mapping.entries()) {
                    Value entry = value(each.value(), run);
                    if (entry == null) {
                        return null;
                    }
                    entries.put(each.key(), entry);
                }
                return run.entries(entries);
            }
            case YamlNode.Elsewhere _ -> {
                return null;
            }
        }
    }

    private static @Nullable Value plain(String word) {
        Long whole = Values.number(word);
        if (whole != null) {
            return Values.constant(whole);
        }
        return word.matches("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?")
                ? Values.constant(Double.parseDouble(word))
                : WORDS.get(word);
    }
}
