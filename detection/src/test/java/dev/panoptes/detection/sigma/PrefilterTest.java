package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.EventLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which rules match does not depend on which are tried: the same with what events need of them and without. */
class PrefilterTest {
    private static final Path BASE = Path.of(Objects.requireNonNull(System.getProperty("basedir", ".")));

    private static List<Event> events() throws IOException {
        EventLines lines = new EventLines();
        List<Event> events = new ArrayList<>();
        for (String file : List.of("attacks.jsonl", "ordinary.jsonl")) {
            for (String line : Files.readAllLines(
                    BASE.resolve("src/test/resources/ordinary").resolve(file))) {
                events.add(Objects.requireNonNull(lines.read(line)));
            }
        }
        return events;
    }

    @Test
    void everyRuleMatchesWhatItMatchesWhenAllAreTried() throws IOException {
        RuleSet rules = RuleSet.of(OwnRules.read());
        List<Event> events = events();
        List<Sources.Row> rows = Sources.load().rows(events.getFirst());
        Paths paths = new Paths();
        Compiler compiler = new Compiler(paths, rows.getFirst().fields());
        List<Integer> numbers = new ArrayList<>();
        List<Compiler.Check> checks = new ArrayList<>();
        for (int i = 0; i < rules.rules().size(); i++) {
            if (rules.rule(i) instanceof Rule.Detection detection
                    && detection.source().covers(rows.getFirst().source())) {
                numbers.add(i);
                checks.add(compiler.check(detection.expr()));
            }
        }
        assertThat(numbers).hasSizeGreaterThan(200);
        int matches = 0;
        for (Event event : varied(events)) {
            List<Integer> tried = new ArrayList<>();
            View view = new View(paths, event);
            for (int i = 0; i < numbers.size(); i++) {
                if (checks.get(i).test(view)) {
                    tried.add(numbers.get(i));
                }
            }
            List<Integer> matched = new ArrayList<>();
            rules.match(event, matched::add);
            assertThat(matched).as(event.json()).isEqualTo(tried);
            matches += matched.size();
        }
        assertThat(matches).isGreaterThan(500);
    }

    /** Each again, with another number, user, parent, place and without its line, so that most were met before and some nearly. */
    private static List<Event> varied(List<Event> events) {
        List<Event> all = new ArrayList<>(events);
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            Event other = events.get((i + 7) % events.size());
            all.add(event.toBuilder().put("process.pid", 1_000_000L + i).build());
            all.add(event.toBuilder().put("user.name", "deploy").build());
            all.add(event.toBuilder()
                    .put(
                            "process.parent",
                            Objects.requireNonNull(other.value("process.parent").orElse("none")))
                    .build());
            all.add(event.toBuilder()
                    .put("process.executable", List.of("/usr/bin/true", "/usr/bin/nc"))
                    .build());
            all.add(event.toBuilder().put("process.command_line", List.of()).build());
            all.add(event.toBuilder()
                    .put(
                            "process.args",
                            Objects.requireNonNull(other.value("process.args").orElse("none")))
                    .build());
            all.add(event);
        }
        return all;
    }

    private static String rule(String name, String detection) {
        return "title: " + name + "\nname: " + name + "\nlogsource:\n  product: linux\n  category: process_creation\n"
                + "detection:\n  a:\n" + detection + "  condition: a\nlevel: low\n";
    }

    /** What was said of an event is said of the next like it, but for what its time, its number and its whole text decide. */
    @Test
    void whatIsOnceIsAskedEachTime() {
        List<RuleText> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            texts.add(new RuleText("r" + i + ".yml", rule("r" + i, "    CommandLine|contains: 'word" + i + "'\n")));
        }
        texts.add(new RuleText("hour.yml", rule("hour", "    '@timestamp|hour': 3\n")));
        texts.add(new RuleText("pid.yml", rule("pid", "    process.pid: 77\n")));
        texts.add(new RuleText("any.yml", rule("any", "    - needle\n")));
        texts.add(new RuleText("user.yml", rule("user", "    User: root\n")));
        RuleSet rules = RuleSet.of(new RuleFiles.Found(texts, List.of()));
        assertThat(rules.problems()).isEmpty();
        Event event = Event.builder()
                .put("@timestamp", "2026-01-01T03:00:00Z")
                .put("event.dataset", "panoptes.proc")
                .put("event.category", List.of("process"))
                .put("event.type", List.of("start"))
                .put("process.executable", "/usr/bin/x")
                .put("process.command_line", "x word1 word2")
                .put("process.pid", 77L)
                .put("user.name", "root")
                .build();
        Event later = event.toBuilder()
                .put("@timestamp", "2026-01-01T04:00:00Z")
                .put("process.pid", 78L)
                .put("message", "a needle")
                .build();
        Event others = later.toBuilder().put("user.name", "alice").build();
        for (int i = 0; i < 3; i++) {
            assertThat(names(rules, event)).containsExactly("r1", "r2", "hour", "pid", "user");
            assertThat(names(rules, later)).containsExactly("r1", "r2", "any", "user");
            assertThat(names(rules, others)).containsExactly("r1", "r2", "any");
        }
    }

    private static List<String> names(RuleSet rules, Event event) {
        List<String> names = new ArrayList<>();
        rules.match(event, number -> names.add(rules.rules().get(number).name()));
        return names;
    }

    /** More different events than are remembered, over and over and from several threads: the answers stay. */
    @Test
    void memoryThatIsFullAndSharedAnswersTheSame() throws InterruptedException {
        List<RuleText> texts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            texts.add(new RuleText("r" + i + ".yml", rule("r" + i, "    CommandLine|endswith: ' n" + i + "'\n")));
        }
        RuleSet rules = RuleSet.of(new RuleFiles.Found(texts, List.of()));
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 12_000; i++) {
            events.add(Event.builder()
                    .put("event.dataset", "panoptes.proc")
                    .put("event.category", List.of("process"))
                    .put("event.type", List.of("start"))
                    .put("process.command_line", i / 100 + " n" + i % 100)
                    .build());
        }
        List<Thread> threads = new ArrayList<>();
        AtomicInteger wrong = new AtomicInteger();
        AtomicInteger right = new AtomicInteger();
        for (int t = 0; t < 4; t++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int round = 0; round < 3; round++) {
                    for (int i = 0; i < events.size(); i++) {
                        int at = round == 2 ? i % 500 : i;
                        boolean same = names(rules, events.get(at)).equals(List.of("r" + at % 100));
                        (same ? right : wrong).incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong.get()).isZero();
        assertThat(right.get()).isEqualTo(4 * 3 * 12_000);
    }
}
