package dev.panoptes.sensors;

import dev.panoptes.core.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A part of the configuration: the values of one map. What is there but has another shape is a problem, told with its place;
 * all problems are gathered before any is told. For one thread.
 */
public final class Settings {
    private final YamlNode.@Nullable Mapping map;
    private final YamlNode.@Nullable Mapping below;
    private final String path;
    private final List<String> problems;

    private Settings(
            YamlNode.@Nullable Mapping map, YamlNode.@Nullable Mapping below, String path, List<String> problems) {
        this.map = map;
        this.below = below;
        this.path = path;
        this.problems = problems;
    }

    /** Nothing is set. */
    public static Settings none() {
        return new Settings(null, null, "", new ArrayList<>());
    }

    /** @param path how problems call this part, for example {@code snmp} */
    public static Settings of(YamlNode.Mapping map, String path) {
        return new Settings(map, null, path, new ArrayList<>());
    }

    /** The same with nothing found wrong yet: what reads it from now on tells its own problems. */
    public Settings afresh() {
        return new Settings(map, below, path, new ArrayList<>());
    }

    /** These, and where a key is not set here, those; neither of them may lie over others itself. */
    public Settings over(Settings others) {
        return new Settings(map, others.map, path, new ArrayList<>());
    }

    /** What has been found wrong so far, here and in the parts taken from here. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Adds what is wrong with a value that has the right shape. */
    public void refuse(String key, String reason) {
        problems.add(name(key) + ": " + reason);
    }

    /** The keys that are set, in order. */
    public List<String> keys() {
        return Stream.of(Optional.ofNullable(map), Optional.ofNullable(below))
                .flatMap(Optional::stream)
                .flatMap(one -> one.entries().stream())
                .map(YamlNode.Entry::key)
                .distinct()
                .toList();
    }

    /** A single value; empty where it is not set. */
    public Optional<String> text(String key) {
        return switch (find(key)) {
            case null -> Optional.empty();
            case YamlNode.Scalar scalar when scalar.isNull() -> Optional.empty();
            case YamlNode.Scalar scalar -> Optional.of(scalar.text());
            case YamlNode other -> {
                wrong(key, "a single value", other);
                yield Optional.empty();
            }
        };
    }

    /** A whole number; {@code otherwise} where it is not set. */
    public long number(String key, long otherwise) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return Long.parseLong(text.get());
        } catch (NumberFormatException e) {
            refuse(key, "'" + text.get() + "' is no whole number");
            return otherwise;
        }
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String key, boolean otherwise) {
        return switch (text(key).orElse("")) {
            case "" -> otherwise;
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> {
                refuse(key, "is neither true nor false");
                yield otherwise;
            }
        };
    }

    /** {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 30d}; a bare number is seconds. */
    public Duration duration(String key, Duration otherwise) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        Duration parsed = Durations.parse(text.get());
        if (parsed == null) {
            refuse(key, "'" + text.get() + "' is no time such as 500ms, 30s, 5m, 12h or 30d");
            return otherwise;
        }
        return parsed;
    }

    /** A list of single values, or one; empty where it is not set. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        YamlNode node = find(key);
        if (node instanceof YamlNode.Sequence list) {
            for (YamlNode item : list.items()) {
                if (item instanceof YamlNode.Scalar scalar) {
                    texts.add(scalar.text());
                } else {
                    wrong(key, "a list of single values", item);
                }
            }
        } else {
            text(key).ifPresent(texts::add);
        }
        return texts;
    }

    /** A map within; nothing is set in it where it is absent. */
    public Settings part(String key) {
        YamlNode node = find(key);
        if (node instanceof YamlNode.Mapping inner) {
            return new Settings(inner, null, name(key), problems);
        }
        if (node != null && !(node instanceof YamlNode.Scalar scalar && scalar.isNull())) {
            wrong(key, "a map", node);
        }
        return new Settings(null, null, name(key), problems);
    }

    /** A list of maps; empty where it is not set. */
    public List<Settings> parts(String key) {
        List<Settings> parts = new ArrayList<>();
        YamlNode node = find(key);
        if (node instanceof YamlNode.Sequence list) {
            for (int i = 0; i < list.items().size(); i++) {
                if (list.items().get(i) instanceof YamlNode.Mapping inner) {
                    parts.add(new Settings(inner, null, name(key) + "[" + i + "]", problems));
                } else {
                    wrong(key, "a list of maps", list.items().get(i));
                }
            }
        } else if (node != null) {
            wrong(key, "a list of maps", node);
        }
        return parts;
    }

    private @Nullable YamlNode find(String key) {
        YamlNode here = in(map, key);
        return here == null ? in(below, key) : here;
    }

    private static @Nullable YamlNode in(YamlNode.@Nullable Mapping some, String key) {
        return some == null ? null : some.find(key).map(YamlNode.Entry::value).orElse(null);
    }

    private void wrong(String key, String wanted, YamlNode found) {
        problems.add(name(key) + ": is " + found.kind() + ", not " + wanted + " (line "
                + found.location().line() + ")");
    }

    private String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
