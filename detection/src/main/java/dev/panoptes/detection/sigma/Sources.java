package dev.panoptes.detection.sigma;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.yaml.YamlNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The table of log sources and field names ({@code sources.yml}). Immutable. */
final class Sources {
    /**
     * A row of the table.
     *
     * @param match dotted path -> the values one of which an event has there, folded
     * @param except dotted path -> the values none of which it has there
     * @param fields Sigma's name -> where its value is found in events
     */
    record Row(
            LogSource source,
            Map<String, Set<String>> match,
            Map<String, Set<String>> except,
            Map<String, List<String>> fields) {
        boolean holds(Event event) {
            for (Map.Entry<String, Set<String>> wanted : match.entrySet()) {
                String text = event.text(wanted.getKey());
                if (text == null || !wanted.getValue().contains(Folded.of(text))) {
                    return false;
                }
            }
            for (Map.Entry<String, Set<String>> unwanted : except.entrySet()) {
                String text = event.text(unwanted.getKey());
                if (text != null && unwanted.getValue().contains(Folded.of(text))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** A Windows event of a channel that the table lacks: only rules of all of Windows know it. */
    static final Row UNKNOWN_CHANNEL = new Row(new LogSource("windows", null, null), Map.of(), Map.of(), Map.of());

    private static final String[] DATASET = {"event", "dataset"};

    private final List<Row> rows;
    private final Set<String> decidingValues = new HashSet<>();
    /** Dataset -> the other paths that its rows ask; under the empty name those of rows without a dataset. */
    private final Map<String, List<String[]>> byDataset = new HashMap<>();

    private Sources(List<Row> rows) {
        this.rows = List.copyOf(rows);
        Map<String, Set<String>> asked = new HashMap<>();
        asked.put("", new TreeSet<>(Set.of("Channel")));
        for (Row row : rows) {
            row.match().values().forEach(decidingValues::addAll);
            row.except().values().forEach(decidingValues::addAll);
            Set<String> paths = new TreeSet<>(row.match().keySet());
            paths.addAll(row.except().keySet());
            paths.remove("event.dataset");
            for (String dataset : row.match().getOrDefault("event.dataset", Set.of(""))) {
                asked.computeIfAbsent(dataset, _ -> new TreeSet<>()).addAll(paths);
            }
        }
        asked.forEach((dataset, paths) -> byDataset.put(
                dataset, paths.stream().map(path -> path.split("\\.")).toList()));
    }

    static Sources load() {
        try (InputStream in = Objects.requireNonNull(Sources.class.getResourceAsStream("sources.yml"))) {
            YamlNode table = RuleYaml.read("sources.yml", new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .roots()
                    .getFirst();
            List<Row> rows = new ArrayList<>();
            for (YamlNode node : ((YamlNode.Sequence) table).items()) {
                rows.add(row((YamlNode.Mapping) node));
            }
            return new Sources(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(YamlNode.Mapping entries) {
        Map<String, List<String>> source = new LinkedHashMap<>();
        ((YamlNode.Mapping) Objects.requireNonNull(RuleYaml.value(entries, "source")))
                .entries()
                .forEach(entry -> source.put(entry.key(), List.of(((YamlNode.Scalar) entry.value()).text())));
        return new Row(
                new LogSource(first(source, "product"), first(source, "category"), first(source, "service")),
                sets(lists(entries, "match")),
                sets(lists(entries, "except")),
                lists(entries, "fields"));
    }

    private static @Nullable String first(Map<String, List<String>> map, String key) {
        List<String> values = map.get(key);
        return values == null ? null : values.getFirst();
    }

    private static Map<String, Set<String>> sets(Map<String, List<String>> lists) {
        Map<String, Set<String>> sets = new LinkedHashMap<>();
        lists.forEach((key, values) -> {
            Set<String> folded = new HashSet<>();
            values.forEach(value -> folded.add(Folded.of(value)));
            sets.put(key, folded);
        });
        return sets;
    }

    private static Map<String, List<String>> lists(YamlNode.Mapping entries, String key) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        if (RuleYaml.value(entries, key) instanceof YamlNode.Mapping map) {
            map.entries().forEach(entry -> lists.put(entry.key(), texts(entry.value())));
        }
        return lists;
    }

    private static List<String> texts(YamlNode node) {
        List<String> texts = new ArrayList<>();
        ((YamlNode.Sequence) node).items().forEach(item -> texts.add(((YamlNode.Scalar) item).text()));
        return texts;
    }

    /**
     * What decides about an event's rows; events for which it is equal have the same rows. Events of a known dataset are
     * told apart only by what the rows of that dataset ask.
     */
    Object key(Event event) {
        String dataset = text(event, DATASET);
        String folded = dataset == null ? null : Folded.of(dataset);
        List<String[]> asked = folded == null ? byDataset.get("") : byDataset.get(folded);
        if (asked == null) {
            asked = byDataset.getOrDefault("", List.of());
            folded = null;
        }
        if (asked.isEmpty()) {
            return folded == null ? "" : folded;
        }
        List<Object> key = new ArrayList<>(asked.size() + 1);
        key.add(folded == null ? "" : folded);
        for (String[] path : asked) {
            String text = text(event, path);
            String value = text == null ? "" : Folded.of(text);
            // Values that no row asks for make no difference, and there may be any number of them.
            key.add(text == null ? "" : decidingValues.contains(value) ? value : "?");
        }
        return key;
    }

    private static @Nullable String text(Event event, String[] path) {
        Object value = event.fields();
        for (String segment : path) {
            value = value instanceof Map<?, ?> map ? map.get(segment) : null;
        }
        return value instanceof String text
                ? text
                : value instanceof Number
                        ? value.toString()
                        : event.dotted() ? event.text(String.join(".", path)) : null;
    }

    /** The rows that claim an event. */
    List<Row> rows(Event event) {
        List<Row> claiming = rows.stream().filter(row -> row.holds(event)).toList();
        if (claiming.isEmpty() && event.value("Channel").isPresent()) {
            return List.of(UNKNOWN_CHANNEL);
        }
        return claiming;
    }

    /** True where the table knows events of such a rule. */
    boolean knows(LogSource rule) {
        return rows.stream().anyMatch(row -> rule.covers(row.source()));
    }

    /** The datasets that events of such a rule come from; none where that is not by dataset. */
    Set<String> datasets(LogSource rule) {
        Set<String> datasets = new TreeSet<>();
        for (Row row : rows) {
            if (rule.covers(row.source())) {
                datasets.addAll(row.match().getOrDefault("event.dataset", Set.of()));
            }
        }
        return datasets;
    }

    /** The path and value by which an event of this source is known, for events that are written by hand. */
    Map<String, String> sample(LogSource rule) {
        Map<String, String> sample = new LinkedHashMap<>();
        rows.stream()
                .filter(row -> rule.covers(row.source()))
                .findFirst()
                .ifPresent(row -> row.match()
                        .forEach((path, values) -> sample.put(
                                path, values.stream().sorted().findFirst().orElseThrow())));
        return sample;
    }
}
