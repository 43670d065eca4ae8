package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads the documents of a rule file into nodes that know their lines. Depth, size and what aliases expand to are bounded. */
final class Yaml {
    private static final int DEEPEST = 40;
    private static final int MOST_NODES = 200_000;
    private static final Pattern NUMBER = Pattern.compile("[-+]?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    /** A value and the line it begins in. */
    sealed interface Node {
        int line();

        /** What it is, for messages. */
        default String kind() {
            return switch (this) {
                case Scalar scalar -> scalar.isNull() ? "null" : "a value";
                case Items _ -> "a list";
                case Entries _ -> "a map";
            };
        }
    }

    /** @param plain written without quotes, so that it may be a number, a boolean or null */
    record Scalar(String text, boolean plain, int line) implements Node {
        boolean isNull() {
            return plain
                    && (text.isEmpty()
                            || text.equals("~")
                            || text.equals("null")
                            || text.equals("Null")
                            || text.equals("NULL"));
        }

        @Nullable
        Boolean truth() {
            if (!plain) {
                return null;
            }
            return switch (text) {
                case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON" -> Boolean.TRUE;
                case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF" -> Boolean.FALSE;
                default -> null;
            };
        }

        boolean isNumber() {
            return plain && NUMBER.matcher(text).matches();
        }
    }

    record Items(List<Node> items, int line) implements Node {}

    /** @param lines the line of each key */
    record Entries(Map<String, Node> map, Map<String, Integer> lines, int line) implements Node {
        @Nullable
        Node get(String key) {
            return map.get(key);
        }

        int lineOf(String key) {
            return lines.getOrDefault(key, line);
        }
    }

    private final Map<String, Node> anchors = new HashMap<>();
    private final Map<String, Integer> sizes = new HashMap<>();
    private int nodes;

    private Yaml() {}

    /** @throws Broken where the text is no YAML, or beyond the limits */
    static List<Node> documents(String text) {
        try {
            return new Yaml().read(text);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark()
                    .or(e::getContextMark)
                    .map(mark -> mark.getLine() + 1)
                    .orElse(1);
            throw new Broken(line, "is no YAML: " + oneLine(e.getProblem()));
        } catch (YamlEngineException e) {
            throw new Broken(1, "is no YAML: " + oneLine(e.getMessage()));
        }
    }

    static String oneLine(@Nullable String message) {
        String line = message == null
                ? "cannot be parsed"
                : message.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.length() > 300 ? line.substring(0, 300) + "..." : line;
    }

    private List<Node> read(String text) {
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
        Parser parser = new ParserImpl(settings, new StreamReader(settings, text));
        List<Node> documents = new ArrayList<>();
        parser.next();
        while (parser.hasNext()) {
            Event event = parser.next();
            if (event.getEventId() == Event.ID.DocumentStart) {
                anchors.clear();
                documents.add(node(parser, parser.next(), 0));
            }
        }
        return documents;
    }

    private Node node(Parser parser, Event event, int depth) {
        int line = line(event);
        if (depth > DEEPEST) {
            throw new Broken(line, "is nested more than " + DEEPEST + " levels deep");
        }
        count(1, line);
        if (event instanceof AliasEvent alias) {
            Node node = anchors.get(alias.getAlias().getValue());
            if (node == null) {
                throw new Broken(line, "no anchor '" + alias.getAlias().getValue() + "' stands before");
            }
            count(sizes.getOrDefault(alias.getAlias().getValue(), 1), line);
            return node;
        }
        int before = nodes;
        Node node = switch (event.getEventId()) {
            case SequenceStart -> items(parser, line, depth);
            case MappingStart -> entries(parser, line, depth);
            default -> {
                ScalarEvent scalar = (ScalarEvent) event;
                yield new Scalar(scalar.getValue(), scalar.isPlain(), line);
            }
        };
        if (event instanceof NodeEvent start && start.getAnchor().isPresent()) {
            anchors.put(start.getAnchor().get().getValue(), node);
            sizes.put(start.getAnchor().get().getValue(), nodes - before + 1);
        }
        return node;
    }

    private void count(int more, int line) {
        nodes += more;
        if (nodes > MOST_NODES) {
            throw new Broken(line, "holds more than " + MOST_NODES + " values, each use of an alias counted");
        }
    }

    private Items items(Parser parser, int line, int depth) {
        List<Node> items = new ArrayList<>();
        for (Event event = parser.next(); event.getEventId() != Event.ID.SequenceEnd; event = parser.next()) {
            items.add(node(parser, event, depth + 1));
        }
        return new Items(items, line);
    }

    private Entries entries(Parser parser, int line, int depth) {
        Map<String, Node> map = new LinkedHashMap<>();
        Map<String, Integer> lines = new HashMap<>();
        for (Event event = parser.next(); event.getEventId() != Event.ID.MappingEnd; event = parser.next()) {
            int at = line(event);
            Node key = node(parser, event, depth + 1);
            Node value = node(parser, parser.next(), depth + 1);
            if (!(key instanceof Scalar scalar)) {
                throw new Broken(at, "a key is " + key.kind());
            }
            if (scalar.text().equals("<<") && scalar.plain() && value instanceof Entries merged) {
                merged.map().forEach(map::putIfAbsent);
                merged.lines().forEach(lines::putIfAbsent);
            } else if (map.put(scalar.text(), value) != null && lines.containsKey(scalar.text())) {
                throw new Broken(at, "the key '" + scalar.text() + "' stands twice");
            } else {
                lines.put(scalar.text(), at);
            }
        }
        return new Entries(map, lines, line);
    }

    private static int line(Event event) {
        return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }
}
