package dev.panoptes.core.yaml;

import dev.panoptes.core.ContentDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Turns the parser's events into nodes. The library's own composer is not used: it stops at the first duplicate key, counts
 * aliases rather than what they expand to, and its nodes hold their input's buffers.
 */
final class YamlComposer {
    private static final String MERGE = "<<";
    private static final String QUOTED = "while scanning a quoted scalar";
    private static final int MOST_SHARED_KEYS = 10_000;
    private static final int LONGEST_MESSAGE = 400;
    private static final int LONGEST_PLACEHOLDER = 200;
    /** {@code !include}; the tags of YAML 1.2 begin with {@code tag:} here. */
    private static final Pattern LOCAL_TAG = Pattern.compile("![A-Za-z][\\w./:-]{0,99}");

    private final String text;
    private final YamlReader.Limits limits;
    private final Problems problems;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private final Map<String, String> keys = new HashMap<>();
    private long values;
    private int height;

    /** What an anchor stands for; {@code node} is null as long as it is being read. */
    private record Anchored(@Nullable YamlNode node, long values, int height) {}

    /** Ends the reading of a file that is beyond the limits. Never leaves this class. */
    private static final class BeyondLimits extends RuntimeException {
        private final transient Location location;

        BeyondLimits(String message, Location location) {
            super(message, null, false, false);
            this.location = location;
        }
    }

    YamlComposer(String text, YamlReader.Limits limits, Problems problems) {
        this.text = text;
        this.limits = limits;
        this.problems = problems;
    }

    /** The first document; a second one is a problem. */
    YamlResult compose(ContentDigest digest) {
        return switch (composeAll(false)) {
            case YamlDocuments.Broken(List<Problem> found) -> new YamlResult.Broken(found);
            case YamlDocuments.Parsed(List<YamlNode> roots, List<Problem> found) ->
                new YamlResult.Parsed(digest, roots.isEmpty() ? null : roots.getFirst(), found);
        };
    }

    /** Every document that is not empty, the limits counted over all of them. */
    YamlDocuments composeAll() {
        return composeAll(true);
    }

    private YamlDocuments composeAll(boolean several) {
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setCodePointLimit(Integer.MAX_VALUE)
                    .setBufferSize(8_192)
                    .build();
            Parser parser = new ParserImpl(settings, new StreamReader(settings, text));
            parser.next();
            List<YamlNode> roots = new ArrayList<>();
            for (Event event = parser.next(); event.getEventId() == Event.ID.DocumentStart; event = parser.next()) {
                anchors.clear();
                YamlNode root = node(parser, parser.next(), 0);
                parser.next();
                if (!isEmpty(root)) {
                    roots.add(root);
                }
                if (!several) {
                    second(root, parser.next());
                    break;
                }
            }
            return new YamlDocuments.Parsed(roots, problems.all());
        } catch (BeyondLimits e) {
            return broken("too-complex", e.location, e.getMessage());
        } catch (MarkedYamlEngineException e) {
            if (QUOTED.equals(e.getContext()) && String.valueOf(e.getProblem()).contains("end of stream")) {
                return broken(
                        "yaml-syntax",
                        location(e.getContextMark().orElse(null)),
                        "the quote that begins here is never closed: write the same quote behind the text");
            }
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            String context = e.getContext() == null ? "" : e.getContext() + ": ";
            Location at = location(mark);
            return broken("yaml-syntax", at, context + e.getProblem() + SyntaxHints.at(text, at.line()));
        } catch (ReaderException e) {
            int index = text.offsetByCodePoints(0, Math.min(e.getPosition(), text.codePointCount(0, text.length())));
            return broken(
                    "yaml-syntax",
                    YamlReader.locate(text, index),
                    String.format(java.util.Locale.ROOT, "the character U+%04X is not allowed", e.getCodePoint()));
        } catch (RuntimeException e) {
            // The parser is not ours: a defect in it is the file's problem, not the end of the scan.
            return broken("yaml-syntax", Location.WHOLE_FILE, "cannot be parsed: " + e.getMessage());
        }
    }

    private void second(YamlNode first, Event after) {
        if (after.getEventId() == Event.ID.DocumentStart) {
            problems.add(
                    "several-documents",
                    location(after.getStartMark().orElse(null)),
                    isEmpty(first)
                            ? "the first document of the file is empty and a second starts here; only the first was"
                                    + " read: remove the '---' before this one"
                            : "a second document starts here; only the first was read");
        }
    }

    private static boolean isEmpty(YamlNode root) {
        return root instanceof YamlNode.Scalar scalar && scalar.isNull();
    }

    private YamlDocuments broken(String code, Location location, @Nullable String message) {
        String line = message == null ? "cannot be parsed" : message.replaceAll("[\\s\\p{Cntrl}]+", " ");
        String cut = line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "..." : line;
        return new YamlDocuments.Broken(problems.headedBy(code, location, cut));
    }

    /** The node that starts with this event. Afterwards {@code height} is the height of the node. */
    private YamlNode node(Parser parser, Event event, int depth) {
        Location location = location(event.getStartMark().orElse(null));
        if (event instanceof AliasEvent alias) {
            return aliased(alias.getAlias(), location, depth);
        }
        String anchor = event instanceof NodeEvent start
                ? start.getAnchor().map(Anchor::getValue).orElse(null)
                : null;
        if (anchor != null) {
            anchors.put(anchor, new Anchored(null, 0, 0));
        }
        long before = values;
        count(1, location);
        YamlNode node = switch (event.getEventId()) {
            case SequenceStart -> sequence(parser, location, depth + 1);
            case MappingStart -> mapping(parser, location, depth + 1);
            case Scalar -> scalar((ScalarEvent) event, location);
            default -> throw new IllegalStateException("no node starts with " + event.getEventId());
        };
        node = untagged(event, node, location);
        if (anchor != null) {
            anchors.put(anchor, new Anchored(node, values - before, height));
        }
        return node;
    }

    /** The tags of YAML itself say nothing new here; one of somebody's own says that the value is made by his program. */
    private YamlNode untagged(Event event, YamlNode node, Location location) {
        String tag = event instanceof ScalarEvent scalar
                ? scalar.getTag().orElse(null)
                : event instanceof CollectionStartEvent collection
                        ? collection.getTag().orElse(null)
                        : null;
        if (tag == null || !LOCAL_TAG.matcher(tag).matches()) {
            return node;
        }
        String of = node instanceof YamlNode.Scalar scalar ? scalar.text() : "";
        problems.add(
                "not-followed",
                location,
                "what " + tag + (of.isBlank() ? "" : " " + Problems.quote(of))
                        + " stands for is not known: tags are not followed. Write the value itself");
        return new YamlNode.Elsewhere(tag, of, location);
    }

    private YamlNode aliased(Anchor alias, Location location, int depth) {
        Anchored anchored = anchors.get(alias.getValue());
        if (anchored == null) {
            problems.add(
                    "unknown-anchor",
                    location,
                    "no anchor " + Problems.quote(alias.getValue()) + " stands before; write &" + alias.getValue()
                            + " in front of the value that is meant, above this line");
        } else if (anchored.node() == null) {
            problems.add(
                    "cyclic-anchor",
                    location,
                    "the anchor " + Problems.quote(alias.getValue()) + " contains itself; read as empty");
        } else {
            count(anchored.values(), location);
            height = anchored.height();
            deeper(depth + height, location);
            return anchored.node();
        }
        count(1, location);
        height = 0;
        return new YamlNode.Scalar("", true, location);
    }

    private YamlNode scalar(ScalarEvent event, Location location) {
        height = 0;
        return new YamlNode.Scalar(event.getValue(), event.isPlain(), location);
    }

    private YamlNode sequence(Parser parser, Location location, int depth) {
        deeper(depth, location);
        List<YamlNode> items = new ArrayList<>();
        int highest = 0;
        for (Event event = parser.next(); event.getEventId() != Event.ID.SequenceEnd; event = parser.next()) {
            items.add(node(parser, event, depth));
            highest = Math.max(highest, height);
        }
        height = highest + 1;
        return new YamlNode.Sequence(items, location);
    }

    private YamlNode mapping(Parser parser, Location location, int depth) {
        deeper(depth, location);
        List<YamlNode.Entry> entries = new ArrayList<>();
        Map<String, Integer> positions = new HashMap<>();
        List<YamlNode> merged = new ArrayList<>();
        String template = null;
        int highest = 0;
        for (Event event = parser.next(); event.getEventId() != Event.ID.MappingEnd; event = parser.next()) {
            YamlNode key = node(parser, event, depth);
            highest = Math.max(highest, height);
            YamlNode value = node(parser, parser.next(), depth);
            highest = Math.max(highest, height);
            Location at = location(event.getStartMark().orElse(null));
            if (key instanceof YamlNode.Mapping && isEmpty(value) && isTemplate(event)) {
                template = placeholder(event);
            } else if (!(key instanceof YamlNode.Scalar scalar)) {
                problems.add("wrong-type", at, "a key is " + key.kind() + "; it was ignored");
            } else if (scalar.plain() && scalar.text().equals(MERGE)) {
                merged.add(value);
            } else {
                put(new YamlNode.Entry(shared(scalar.text()), at, value), entries, positions);
            }
        }
        if (template != null && entries.isEmpty() && merged.isEmpty()) {
            // {{ name }} without quotes reads as a map whose key is a map; what it will be is not known.
            height = 0;
            return new YamlNode.Scalar(template, true, location);
        }
        if (template != null) {
            problems.add("wrong-type", location, "a key is a map; it was ignored");
        }
        merged.forEach(value -> merge(value, entries, positions));
        height = highest + 1;
        return new YamlNode.Mapping(entries, location);
    }

    /** True where the flow map that starts here is the inner one of two braces. */
    private boolean isTemplate(Event start) {
        Mark mark = start.getStartMark().orElse(null);
        return mark != null
                && mark.getIndex() > 0
                && mark.getIndex() < text.length()
                && text.startsWith("{{", text.offsetByCodePoints(0, mark.getIndex()) - 1);
    }

    private String placeholder(Event start) {
        int from = text.offsetByCodePoints(0, start.getStartMark().orElseThrow().getIndex()) - 1;
        int end = text.indexOf("}}", from);
        return end < 0 ? "{{}}" : text.substring(from, Math.min(end + 2, from + LONGEST_PLACEHOLDER));
    }

    /** Where a key stands twice the last counts, as in the readers that most fleets use; both places are named. */
    private void put(YamlNode.Entry entry, List<YamlNode.Entry> entries, Map<String, Integer> positions) {
        Integer earlier = positions.putIfAbsent(entry.key(), entries.size());
        if (earlier == null) {
            entries.add(entry);
            return;
        }
        problems.add(
                "duplicate-key",
                entry.location(),
                "the key " + Problems.quote(entry.key()) + " stands here and in line "
                        + entries.get(earlier).location().line() + "; this one counts");
        entries.set(earlier, entry);
    }

    /** What a map says itself goes before what it merges, and the first of several merged maps before the next. */
    private void merge(YamlNode value, List<YamlNode.Entry> entries, Map<String, Integer> positions) {
        switch (value) {
            case YamlNode.Mapping mapping -> {
                for (YamlNode.Entry entry : mapping.entries()) {
                    if (positions.putIfAbsent(entry.key(), entries.size()) == null) {
                        entries.add(entry);
                    }
                }
            }
            case YamlNode.Sequence sequence -> {
                for (YamlNode item : sequence.items()) {
                    if (item instanceof YamlNode.Mapping mapping) {
                        merge(mapping, entries, positions);
                    } else {
                        problems.add("wrong-type", item.location(), "only maps can be merged, this is " + item.kind());
                    }
                }
            }
            case YamlNode.Scalar scalar -> {
                // An alias without an anchor reads as empty, and was told where it stands.
                if (!scalar.isNull()) {
                    problems.add("wrong-type", scalar.location(), "only maps can be merged, this is " + scalar.kind());
                }
            }
            case YamlNode.Elsewhere ignored -> {
                // told where the tag was met
            }
        }
    }

    /** The same few keys stand in every agent; one string for each is enough. */
    private String shared(String key) {
        if (keys.size() >= MOST_SHARED_KEYS) {
            return keys.getOrDefault(key, key);
        }
        String known = keys.putIfAbsent(key, key);
        return known == null ? key : known;
    }

    private void count(long more, Location location) {
        values += more;
        if (values > limits.maxValues()) {
            throw new BeyondLimits(
                    "holds more than " + limits.maxValues() + " values, each use of an alias counted", location);
        }
    }

    private void deeper(int depth, Location location) {
        if (depth > limits.maxDepth()) {
            throw new BeyondLimits("is nested more than " + limits.maxDepth() + " levels deep", location);
        }
    }

    private static Location location(@Nullable Mark mark) {
        return mark == null ? Location.WHOLE_FILE : new Location(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
