package dev.panoptes.detection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.fusion.Fusion;
import dev.panoptes.detection.fusion.Incident;
import dev.panoptes.detection.sigma.Level;
import dev.panoptes.detection.sigma.OwnRules;
import dev.panoptes.detection.sigma.RuleSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stories over several sensors among what the same hosts do all day: an attack is one incident with its entities and at least two
 * thirds of its techniques in order; what looks like one stays at its ceiling.
 */
class StoriesTest {
    private static final Instant START = Instant.parse("2026-03-03T09:00:00Z");
    private static final RuleSet RULES = RuleSet.of(OwnRules.read());
    private static final EventLines LINES = new EventLines();

    /**
     * A story of {@code stories.txt}.
     *
     * @param techniques that were used, in order
     * @param entities that must be named
     * @param ceiling how bad it may look at most; null for an attack
     */
    record Story(String name, List<String> techniques, List<String> entities, String ceiling, List<Event> events) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static BufferedReader open(String resource) {
        InputStream in = Objects.requireNonNull(StoriesTest.class.getResourceAsStream(resource), resource);
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    static Stream<Story> stories() throws IOException {
        List<Story> stories = new ArrayList<>();
        List<String> block = new ArrayList<>();
        try (BufferedReader reader = open("/stories/stories.txt")) {
            for (String line : Stream.concat(reader.lines(), Stream.of("")).toList()) {
                if (!line.isBlank()) {
                    if (!line.startsWith("#")) {
                        block.add(line);
                    }
                } else if (!block.isEmpty()) {
                    stories.add(story(block));
                    block.clear();
                }
            }
        }
        return stories.stream();
    }

    private static Story story(List<String> block) {
        List<Event> events = new ArrayList<>();
        Map<String, String> head = new LinkedHashMap<>();
        String name = block.getFirst().substring(2).strip();
        for (String line : block.subList(1, block.size())) {
            if (line.startsWith("@")) {
                head.put(
                        line.substring(1, line.indexOf(' ')),
                        line.substring(line.indexOf(' ') + 1).strip());
            } else {
                repeated(name, line, events);
            }
        }
        return new Story(
                name,
                words(head.get("techniques")),
                words(head.get("entities")),
                head.getOrDefault("ceiling", ""),
                events);
    }

    private static List<String> words(String text) {
        return text == null ? List.of() : List.of(text.split(" +"));
    }

    /** {@code SECOND[*TIMES/STEP] DATASET HOST {fields}}; {i} counts, {h} counts in hexadecimal that does not repeat. */
    private static void repeated(String name, String line, List<Event> events) {
        String[] parts = line.strip().split(" +", 4);
        String[] when = parts[0].split("[*/]");
        int times = when.length > 1 ? Integer.parseInt(when[1]) : 1;
        double step = when.length > 2 ? Double.parseDouble(when[2]) : 1;
        for (int i = 0; i < times; i++) {
            String hex = java.util
                    .UUID
                    .nameUUIDFromBytes((name + i).getBytes(StandardCharsets.UTF_8))
                    .toString();
            String fields = parts[3].replace("{i}", Integer.toString(i)).replace("{h}", hex.replace("-", ""));
            String json =
                    "{\"@timestamp\":\"" + START.plusMillis((long) (1_000 * (Double.parseDouble(when[0]) + i * step)))
                            + "\",\"event.id\":\"" + name.replace(' ', '-') + "-" + events.size()
                            + "\",\"event.kind\":\"event\",\"event.dataset\":\"panoptes." + parts[1]
                            + "\",\"host.name\":\"" + parts[2].replace("{i}", Integer.toString(i)) + "\","
                            + fields.substring(1);
            Event flat = Objects.requireNonNull(LINES.read(json), json);
            Event.Builder event = Event.builder();
            flat.fields().forEach(event::put);
            // As a sensor writes it: one line of JSON, nested.
            events.add(Objects.requireNonNull(LINES.read(event.build().json())));
        }
    }

    /** What the hosts of a story do besides: administration, logins with keys, names that everybody asks, connections. */
    private static List<Event> noise(Story story) throws IOException {
        TreeSet<String> hosts = new TreeSet<>();
        story.events().forEach(event -> hosts.add(String.valueOf(event.text("host.name"))));
        List<String> ordinary;
        try (BufferedReader reader = open("/ordinary/ordinary.jsonl")) {
            ordinary = reader.lines().limit(120).toList();
        }
        List<Event> noise = new ArrayList<>();
        for (String host : hosts) {
            for (int i = 0; i < ordinary.size(); i++) {
                Event line = Objects.requireNonNull(LINES.read(ordinary.get(i)));
                Event.Builder event = Event.builder();
                line.fields().forEach(event::put);
                noise.add(event.put("@timestamp", START.plusSeconds(i * 97L))
                        .put("event.id", "noise-" + host + "-" + i)
                        .put("host.name", host)
                        .build());
            }
            for (int i = 0; i < 60; i++) {
                noise.add(Event.builder()
                        .put("@timestamp", START.plusSeconds(i * 180L + 7))
                        .put("event.id", "names-" + host + "-" + i)
                        .put("event.dataset", "panoptes.dns")
                        .put("event.action", "query")
                        .put("host.name", host)
                        .put("source.ip", "10.0.0.53")
                        .put("dns.question.name", i % 2 == 0 ? "deb.debian.org" : "api.github.com")
                        .put("dns.question.type", "A")
                        .build());
            }
        }
        return noise;
    }

    @ParameterizedTest
    @MethodSource("stories")
    void anAttackIsOneIncidentAndWhatLooksLikeOneStaysBelow(Story story) throws IOException {
        Detector detector = new Detector(RULES);
        for (Event event : noise(story)) {
            detector.accept(event, String.valueOf(event.id()));
        }
        for (Event event : story.events()) {
            detector.accept(event, String.valueOf(event.id()));
        }
        Fusion.Result result = detector.conclude();
        List<String> seen = result.incidents().stream()
                .map(incident -> incident.severity() + " " + incident.title() + " " + incident.chain() + " "
                        + incident.entities())
                .toList();
        if (!story.ceiling().isEmpty()) {
            Level ceiling = Objects.requireNonNull(Level.of(story.ceiling()));
            assertThat(result.incidents())
                    .as(seen.toString())
                    .allMatch(one -> one.severity().compareTo(ceiling) <= 0);
            return;
        }
        List<Incident> own = result.incidents().stream()
                .filter(incident -> incident.events().stream().anyMatch(event -> !event.startsWith("noise-")))
                .toList();
        assertThat(own).as(seen.toString()).hasSize(1);
        Incident incident = own.getFirst();
        assertThat(incident.severity()).as(seen.toString()).isGreaterThanOrEqualTo(Level.HIGH);
        assertThat(incident.entities()).as(seen.toString()).extracting("id").containsAll(story.entities());
        int found = 0;
        List<String> chain =
                incident.chain().stream().map(Incident.Step::technique).toList();
        int from = 0;
        for (String technique : story.techniques()) {
            int at = chain.subList(from, chain.size()).indexOf(technique);
            if (at >= 0) {
                found++;
                from += at + 1;
            }
        }
        assertThat(found * 3)
                .as(story.techniques() + " in " + seen)
                .isGreaterThanOrEqualTo(story.techniques().size() * 2);
    }
}
