package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.EventLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random rules over random events: which match does not depend on what is looked for first. */
class RandomRulesTest {
    private static final List<String> WORDS = List.of(
            "sh",
            "bash",
            "/tmp/x",
            "nc",
            "-c",
            "curl",
            "Curl",
            "|",
            " ",
            "a",
            "id_rsa",
            "/etc/passwd",
            "http://",
            "x.sh",
            "é",
            "K",
            "\u212aey",
            "root",
            "4688",
            "0",
            "true",
            "-",
            "/usr/bin/bash",
            "averyveryverylongliteralthatiscut",
            "wget",
            "tmp",
            "\ud83d\ude00");
    private static final List<String> FIELDS = List.of(
            "Image",
            "CommandLine",
            "ParentImage",
            "ParentCommandLine",
            "User",
            "process.args",
            "process.pid",
            "process.name",
            "file.path",
            "process.interactive",
            "nowhere");
    private static final List<String> MODIFIERS = List.of(
            "",
            "",
            "|contains",
            "|contains",
            "|startswith",
            "|endswith",
            "|endswith",
            "|contains|all",
            "|re",
            "|re|i",
            "|cased",
            "|contains|cased",
            "|windash|contains",
            "|exists",
            "|neq",
            "|gt",
            "|fieldref");
    private static final List<String> EXPRESSIONS = List.of(
            "\\bnc\\b",
            "(^|[\\s/])(ba|da)?sh\\s+-c",
            "curl\\s.*\\|\\s*(ba)?sh",
            "/(tmp|var/tmp)/\\S+",
            "^/usr/.*sh$",
            "[a-z]+",
            "id_(rsa|dsa)\\b",
            "x+y?",
            "a.c|wget",
            "(?i)CURL",
            "\\s-c\\s",
            "(a|)sh",
            "K[e]y");

    private final Random random = new Random(20_261_201);

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private String search() {
        if (random.nextInt(12) == 0) {
            return "    - " + quoted(one(WORDS)) + "\n    - " + quoted(one(WORDS)) + "\n";
        }
        StringBuilder text = new StringBuilder();
        List<String> used = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            String modifier = one(MODIFIERS);
            String key = one(FIELDS) + modifier;
            if (used.contains(key)) {
                continue;
            }
            used.add(key);
            text.append("    ").append(key).append(':');
            switch (modifier) {
                case "|re", "|re|i" ->
                    text.append(' ').append(quoted(one(EXPRESSIONS))).append('\n');
                case "|exists" -> text.append(random.nextBoolean() ? " true\n" : " false\n");
                case "|gt" -> text.append(" 100\n");
                case "|fieldref" -> text.append(" CommandLine\n");
                default -> {
                    if (modifier.isEmpty() && random.nextInt(4) == 0) {
                        text.append(one(List.of(" 4688\n", " true\n", " null\n", " ''\n", " 0\n")));
                    } else {
                        text.append('\n');
                        for (int j = 0; j <= random.nextInt(3); j++) {
                            String value = one(WORDS)
                                    + (random.nextInt(4) == 0 ? one(List.of("*", "?", " ")) + one(WORDS) : "");
                            text.append("      - ").append(quoted(value)).append('\n');
                        }
                    }
                }
            }
        }
        return text.toString();
    }

    private RuleText rule(int number) {
        String condition = one(List.of(
                "a",
                "a and b",
                "a or b",
                "a and not b",
                "not a",
                "(a or b) and c",
                "a and not (b or c)",
                "1 of them",
                "all of them",
                "not (a and b)"));
        return new RuleText(
                "r" + number + ".yml",
                "title: R\nname: r" + number
                        + "\nlogsource:\n  product: linux\n  category: process_creation\ndetection:\n  a:\n" + search()
                        + "  b:\n" + search() + "  c:\n" + search() + "  condition: " + condition + "\nlevel: low\n");
    }

    private String words() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < random.nextInt(6); i++) {
            text.append(random.nextInt(3) == 0 ? " " : "").append(one(WORDS));
        }
        return text.toString();
    }

    private Event event(int number) {
        Event.Builder event = Event.builder()
                .put("event.dataset", "panoptes.proc")
                .put("event.action", "process_started")
                .put("process.pid", random.nextBoolean() ? (Object) 4688L : one(List.of("4688", "04688.0", "x", "0")));
        for (String path : List.of(
                "process.executable",
                "process.command_line",
                "process.parent.executable",
                "process.parent.command_line",
                "user.name",
                "process.name",
                "file.path")) {
            switch (random.nextInt(7)) {
                case 0 -> {}
                case 1 -> event.put(path, List.of(words() + "a", words() + "b"));
                default -> {
                    String text = words();
                    event.put(path, text.isEmpty() ? "x" : text);
                }
            }
        }
        if (random.nextInt(3) > 0) {
            event.put("process.args", List.of(one(WORDS), words() + "y", one(WORDS)));
        }
        if (random.nextBoolean()) {
            event.put("process.interactive", random.nextBoolean());
        }
        Event built = event.build();
        // As a sensor makes it, and as it is read from a line.
        return number % 2 == 0 ? built : Objects.requireNonNull(new EventLines().read(built.json()));
    }

    @Test
    void everyRuleMatchesWhatItMatchesAlone() {
        List<RuleText> texts = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            texts.add(rule(i));
        }
        RuleSet rules = RuleSet.of(new RuleFiles.Found(texts, List.of()));
        assertThat(rules.rules()).as(rules.problems().toString()).hasSizeGreaterThan(1_400);
        Sources.Row row = Sources.load().rows(event(0)).getFirst();
        Paths paths = new Paths();
        Compiler compiler = new Compiler(paths, row.fields());
        List<Compiler.Check> checks = new ArrayList<>();
        for (int i = 0; i < rules.rules().size(); i++) {
            checks.add(compiler.check(((Rule.Detection) rules.rule(i)).expr()));
        }
        int matches = 0;
        for (int i = 0; i < 600; i++) {
            Event event = event(i);
            View view = new View(paths, event);
            List<Integer> alone = new ArrayList<>();
            for (int j = 0; j < checks.size(); j++) {
                if (checks.get(j).test(view)) {
                    alone.add(j);
                }
            }
            List<Integer> matched = new ArrayList<>();
            rules.match(event, matched::add);
            assertThat(matched).as(event.json()).isEqualTo(alone);
            matches += matched.size();
        }
        assertThat(matches).isBetween(20_000, 700_000);
    }

    /** Ten times as many as anyone has, and lists as long as they may be, are loaded and asked. */
    @Test
    void hostileRulesStayBounded() {
        List<RuleText> texts = new ArrayList<>();
        String head = "logsource:\n  product: linux\n  category: process_creation\ndetection:\n  a:\n";
        for (int i = 0; i < 20_000; i++) {
            texts.add(new RuleText(
                    "r" + i + ".yml",
                    "title: R\nname: r" + i + "\n" + head + "    CommandLine|contains|all:\n      - 'word" + i
                            + "x'\n      - '/bash'\n" + "  condition: a\nlevel: low\n"));
        }
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < 9_000; i++) {
            list.append("      - 'entry").append(i).append("'\n");
        }
        texts.add(new RuleText(
                "list.yml",
                "title: L\nname: list\n" + head + "    CommandLine|contains:\n" + list
                        + "  condition: a\nlevel: low\n"));
        RuleSet rules = RuleSet.of(new RuleFiles.Found(texts, List.of()));
        List<String> matched = new ArrayList<>();
        Event event = Event.builder()
                .put("event.dataset", "panoptes.proc")
                .put("process.command_line", "/bin/bash word19999x word7 ENTRY8999")
                .build();
        rules.match(event, number -> matched.add(rules.rules().get(number).name()));
        assertThat(matched).containsExactly("r19999", "list");
    }

    /** Rules of ours that are tried on every process that starts are few. */
    @Test
    void nearlyEveryRuleOfOursNeedsSomething() {
        RuleSet rules = RuleSet.of(OwnRules.read());
        List<Sources.Row> rows = Sources.load().rows(event(0));
        List<Partition.Entry> entries = rules.entries(rows);
        assertThat(entries).hasSizeGreaterThan(250);
        assertThat(new Partition(entries).unconditional()).isLessThanOrEqualTo(3);
    }
}
