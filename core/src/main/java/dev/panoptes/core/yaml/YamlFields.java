package dev.panoptes.core.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The known keys of one map. A value of another type than asked for is a problem and then as good as absent; an empty value
 * is absent without a problem; unknown keys are never looked at.
 */
public final class YamlFields {
    private final YamlNode.Mapping mapping;
    private final String what;
    private final Problems problems;

    /** @param what how messages call this map, for example {@code agent 'hermes'} */
    public YamlFields(YamlNode.Mapping mapping, String what, Problems problems) {
        this.mapping = mapping;
        this.what = what;
        this.problems = problems;
    }

    /** A single value as it is written, without blanks around it; null where absent or empty. */
    public @Nullable Located<String> text(String key) {
        YamlNode value = value(key);
        YamlNode.Scalar scalar = value == null ? null : scalar(key, value);
        return scalar == null || scalar.text().isBlank()
                ? null
                : new Located<>(scalar.text().strip(), scalar.location());
    }

    /** As {@link #text}, without its place. */
    public @Nullable String plainText(String key) {
        Located<String> text = text(key);
        return text == null ? null : text.value();
    }

    /** True or false, also in the words of YAML 1.1 (yes, on, no, off) and as 1 or 0; null where absent. */
    public @Nullable Boolean flag(String key) {
        Located<String> text = text(key);
        Boolean flag = text == null ? null : truth(text.value());
        if (text != null && flag == null) {
            problems.add("wrong-type", text.location(), named(key) + " is neither true nor false; write one of them");
        }
        return flag;
    }

    /** What a word means where a flag is expected; null where it means neither. */
    public static @Nullable Boolean truth(String word) {
        return switch (word.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> Boolean.TRUE;
            case "false", "no", "off", "0" -> Boolean.FALSE;
            default -> null;
        };
    }

    /** A whole number of at least {@code least}; null where absent. */
    public @Nullable Integer number(String key, int least) {
        Located<String> text = text(key);
        if (text == null) {
            return null;
        }
        // Written forms such as 5_000 and 5000.0 occur; both are whole numbers.
        String digits = text.value().replace("_", "").replaceFirst("\\.0+$", "");
        if (digits.matches("\\+?\\d{1,9}") && Integer.parseInt(digits) >= least) {
            return Integer.parseInt(digits);
        }
        problems.add("wrong-type", text.location(), named(key) + " is not a whole number of at least " + least);
        return null;
    }

    public Optional<YamlNode.Mapping> map(String key) {
        YamlNode value = value(key);
        if (value instanceof YamlNode.Mapping map) {
            return Optional.of(map);
        }
        if (value != null) {
            wrong(key, value, "a map");
        }
        return Optional.empty();
    }

    /** The items of a list; empty where absent. */
    public List<YamlNode> list(String key) {
        YamlNode value = value(key);
        if (value instanceof YamlNode.Sequence sequence) {
            return sequence.items();
        }
        if (value != null) {
            wrong(key, value, "a list");
        }
        return List.of();
    }

    /** The single values of a list; empty where absent. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (YamlNode item : list(key)) {
            YamlNode.Scalar scalar = scalar(key, item);
            if (scalar != null && !scalar.isNull()) {
                texts.add(scalar.text().strip());
            }
        }
        return texts;
    }

    /** The value under a key unless it is absent or empty. */
    public Optional<YamlNode> present(String key) {
        return Optional.ofNullable(value(key));
    }

    /** Without lambdas: each that holds something costs a call of the virtual machine, and a registry has many keys. */
    private @Nullable YamlNode value(String key) {
        YamlNode.Entry entry = mapping.find(key).orElse(null);
        return entry == null || (entry.value() instanceof YamlNode.Scalar scalar && scalar.isNull())
                ? null
                : entry.value();
    }

    private YamlNode.@Nullable Scalar scalar(String key, YamlNode value) {
        if (value instanceof YamlNode.Scalar scalar) {
            return scalar;
        }
        wrong(key, value, "a text");
        return null;
    }

    private void wrong(String key, YamlNode value, String expected) {
        problems.add("wrong-type", value.location(), named(key) + " is " + value.kind() + ", not " + expected);
    }

    private String named(String key) {
        return key + " of " + what;
    }
}
