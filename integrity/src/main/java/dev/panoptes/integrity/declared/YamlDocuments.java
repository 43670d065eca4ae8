package dev.panoptes.integrity.declared;

import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds {@link YamlNode}s from the parser's events, so that depth, size and aliases are bounded: an alias costs nothing, and
 * one inside its own anchor is refused.
 */
final class YamlDocuments {
    private static final int MOST_NODES = 200_000;
    private static final int DEEPEST = 100;
    private static final int MOST_PROBLEMS = 20;

    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private final List<YamlNode> roots = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<String, YamlNode> anchors = new HashMap<>();
    private final Set<String> openAnchors = new HashSet<>();
    private int nodes;

    private YamlDocuments(String file) {
        this.file = file;
    }

    /** A collection that has begun. */
    private static final class Open {
        private final Event start;
        private final boolean mapping;
        private final @Nullable String anchor;
        private final @Nullable String tag;
        private final List<YamlNode> items = new ArrayList<>();
        private final List<YamlNode.Field> fields = new ArrayList<>();
        private final Set<String> keys = new HashSet<>();
        private @Nullable YamlNode key;

        private Open(Event start, boolean mapping, @Nullable String anchor, @Nullable String tag) {
            this.start = start;
            this.mapping = mapping;
            this.anchor = anchor;
            this.tag = tag;
        }
    }

    /**
     * @param problems gets what is wrong with the file
     * @return the documents' roots; empty where the file is no YAML or exceeds the bounds
     */
    static List<YamlNode> parse(String file, String text, List<Problem> problems) {
        YamlDocuments documents = new YamlDocuments(file);
        List<YamlNode> roots = documents.parse(text);
        problems.addAll(documents.problems);
        return roots;
    }

    private List<YamlNode> parse(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        try {
            for (Event event : new Parse(settings).parseString(text)) {
                if (!take(event)) {
                    return List.of();
                }
            }
        } catch (MarkedYamlEngineException e) {
            String message = e.getProblem() == null ? "it is no YAML" : e.getProblem();
            Location location = e.getProblemMark().map(YamlDocuments::location).orElse(Location.WHOLE_FILE);
            problem("yaml-syntax", location, "the file is no valid YAML: " + message);
            return List.of();
        } catch (YamlEngineException e) {
            problem("yaml-syntax", Location.WHOLE_FILE, "the file holds characters that YAML does not allow");
            return List.of();
        }
        return roots;
    }

    /** False where the file exceeds the bounds. */
    private boolean take(Event event) {
        if (++nodes > MOST_NODES || open.size() > DEEPEST) {
            problem("yaml-too-large", location(event), "the file is nested too deep or holds too much");
            return false;
        }
        switch (event.getEventId()) {
            case Scalar -> scalar((ScalarEvent) event);
            case Alias -> alias((AliasEvent) event);
            case MappingStart -> {
                MappingStartEvent start = (MappingStartEvent) event;
                begin(new Open(event, true, anchor(start), start.getTag().orElse(null)));
            }
            case SequenceStart -> {
                SequenceStartEvent start = (SequenceStartEvent) event;
                begin(new Open(event, false, anchor(start), start.getTag().orElse(null)));
            }
            case MappingEnd, SequenceEnd -> end();
            case DocumentStart -> anchors.clear();
            case StreamStart, StreamEnd, DocumentEnd, Comment -> {
                // They hold no node.
            }
        }
        return true;
    }

    private void scalar(ScalarEvent event) {
        Location at = location(event);
        YamlNode.Scalar scalar = new YamlNode.Scalar(
                event.getValue(), event.isPlain(), event.getTag().orElse(null), file, at.line(), at.column());
        String anchor = anchor(event);
        if (anchor != null) {
            anchors.put(anchor, scalar);
        }
        add(scalar);
    }

    private void alias(AliasEvent event) {
        String name = event.getAlias().getValue();
        YamlNode node = openAnchors.contains(name) ? null : anchors.get(name);
        if (node == null) {
            problem(
                    openAnchors.contains(name) ? "cyclic-anchor" : "unknown-anchor",
                    location(event),
                    openAnchors.contains(name)
                            ? "the anchor " + name + " contains itself"
                            : "the alias " + name + " has no anchor");
            node = new YamlNode.Scalar(
                    "",
                    true,
                    null,
                    file,
                    location(event).line(),
                    location(event).column());
        }
        add(node);
    }

    private void begin(Open collection) {
        if (collection.anchor != null) {
            openAnchors.add(collection.anchor);
        }
        open.push(collection);
    }

    private void end() {
        Open collection = open.pop();
        int line = location(collection.start).line();
        int column = location(collection.start).column();
        YamlNode node = collection.mapping
                ? new YamlNode.Fields(List.copyOf(collection.fields), collection.tag, file, line, column)
                : new YamlNode.Items(List.copyOf(collection.items), collection.tag, file, line, column);
        if (collection.anchor != null) {
            openAnchors.remove(collection.anchor);
            anchors.put(collection.anchor, node);
        }
        add(node);
    }

    private void add(YamlNode node) {
        Open parent = open.peek();
        if (parent == null) {
            roots.add(node);
        } else if (!parent.mapping) {
            parent.items.add(node);
        } else if (parent.key == null) {
            parent.key = node;
        } else {
            field(parent, parent.key, node);
            parent.key = null;
        }
    }

    private void field(Open parent, YamlNode key, YamlNode value) {
        if (!(key instanceof YamlNode.Scalar scalar)) {
            return;
        }
        if (parent.keys.add(scalar.text())) {
            parent.fields.add(new YamlNode.Field(scalar, value));
        } else if (problems.size() < MOST_PROBLEMS) {
            problems.add(new Problem(
                    "duplicate-key",
                    file,
                    new Location(scalar.line(), scalar.column()),
                    "the key " + shortened(scalar.text()) + " is there twice; the first one counts"));
        }
    }

    private void problem(String code, Location location, String message) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new Problem(code, file, location, message));
        }
    }

    private static @Nullable String anchor(NodeEvent event) {
        return event.getAnchor().map(Anchor::getValue).orElse(null);
    }

    private static Location location(Event event) {
        return event.getStartMark().map(YamlDocuments::location).orElse(Location.WHOLE_FILE);
    }

    private static Location location(Mark mark) {
        return new Location(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + " ..." : text;
    }
}
