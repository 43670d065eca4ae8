package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.EventLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rule authors may rely on. */
class RuleSetTest {
    private static final String HEAD = "title: T\nlogsource: {category: thing}\ndetection:\n";

    private static RuleSet rules(String... texts) {
        List<RuleText> files = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            files.add(new RuleText("r" + i + ".yml", texts[i]));
        }
        return RuleSet.of(new RuleFiles.Found(files, List.of()));
    }

    private static List<String> matched(RuleSet rules, String event) {
        Event read = Objects.requireNonNull(new EventLines().read(event));
        List<String> titles = new ArrayList<>();
        rules.match(read, number -> titles.add(rules.rules().get(number).title()));
        return titles;
    }

    private static boolean matches(String detection, String event) {
        RuleSet rules = rules(HEAD + detection);
        assertThat(rules.problems()).isEmpty();
        return !matched(rules, event.replace('\'', '"')).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        s: {a: x} ~ {'a':'X'} ~ true
        s: {a: x} ~ {'a':'xy'} ~ false
        s: {a|contains: b} ~ {'a':'aBc'} ~ true
        s: {a|startswith: b} ~ {'a':'abc'} ~ false
        s: {a|endswith: c} ~ {'a':['q','abc']} ~ true
        s: {a|contains|all: [b, c]} ~ {'a':'abc'} ~ true
        s: {a|contains|all: [b, d]} ~ {'a':'abc'} ~ false
        s: {a|cased: x} ~ {'a':'X'} ~ false
        s: {a: 'x*z'} ~ {'a':'x\\ny\\nz'} ~ true
        s: {a: 'x?z'} ~ {'a':'xyz'} ~ true
        s: {a: 'x\\*z'} ~ {'a':'xyz'} ~ false
        s: {a: 'x\\*z'} ~ {'a':'x*z'} ~ true
        s: {a: 'x\\\\*'} ~ {'a':'x\\\\foo'} ~ true
        s: {a: 'c:\\w'} ~ {'a':'c:\\\\w'} ~ true
        s: {a: null} ~ {'b':1} ~ true
        s: {a: null} ~ {'a':''} ~ false
        s: {a: ''} ~ {'a':''} ~ true
        s: {a: ''} ~ {'b':''} ~ false
        s: {a|exists: true} ~ {'a':''} ~ true
        s: {a|exists: false} ~ {'b':''} ~ true
        s: {a: 4} ~ {'a':'4.0'} ~ true
        s: {a: 4} ~ {'a':4} ~ true
        s: {a: 4} ~ {'a':44} ~ false
        s: {a: true} ~ {'a':true} ~ true
        s: {a|gt: 3, a|lte: 5} ~ {'a':'5'} ~ true
        s: {a|gt: 3, a|lte: 5} ~ {'a':6} ~ false
        s: {a|re: 'x.z'} ~ {'a':'axyzb'} ~ true
        s: {a|re: 'X.z'} ~ {'a':'axyzb'} ~ false
        s: {a|re|i: 'X.z'} ~ {'a':'axyzb'} ~ true
        s: {a|cidr: 10.0.0.0/8} ~ {'a':'10.2.3.4'} ~ true
        s: {a|cidr: '2001:db8::/32'} ~ {'a':'2001:db8:1::1'} ~ true
        s: {a|cidr: 10.0.0.0/8} ~ {'a':'11.2.3.4'} ~ false
        s: {a|base64: foo} ~ {'a':'Zm9v'} ~ true
        s: {a|base64offset|contains: foobar} ~ {'a':'eHhmb29iYXI='} ~ true
        s: {a|wide|base64offset|contains: hello} ~ {'a':'aABlAGwAbABvAA=='} ~ true
        s: {a|windash|contains: ' -f'} ~ {'a':'x /foo'} ~ true
        s: {a|windash|contains: 'a-f'} ~ {'a':'a/f'} ~ false
        s: {a|neq: x} ~ {'a':'y'} ~ true
        s: {a|neq: x} ~ {'a':'x'} ~ false
        s: {a|fieldref: b} ~ {'a':'Q','b':'q'} ~ true
        s: {a|fieldref|startswith: b} ~ {'a':'Qr','b':'q'} ~ true
        s: {a|fieldref: b} ~ {'a':'Q','b':'r'} ~ false
        s: {'@timestamp|hour|gte': 22} ~ {'@timestamp':'2026-01-01T23:00:00Z'} ~ true
        s: {'@timestamp|week': 1} ~ {'@timestamp':'2026-01-01T23:00:00Z'} ~ true
        s: {'@timestamp|year': 2025} ~ {'@timestamp':'2026-01-01T23:00:00Z'} ~ false
        s: {a.b.c: x} ~ {'a':{'b.c':'x'}} ~ true
        s: {a.b: x} ~ {'a':[{'b':'y'},{'b':'x'}]} ~ true
        s: [needle, other] ~ {'a':{'b':['a NEEDLE here']}} ~ true
        s: {'|all': [needle, here]} ~ {'a':'a needle here'} ~ true
        s: {'|all': [needle, gone]} ~ {'a':'a needle here'} ~ false
        s: [{a: x}, {b: y}] ~ {'b':'y'} ~ true
        """)
    void testsValues(String search, String event, boolean wanted) {
        assertThat(matches("  " + search + "\n  condition: s\n", event)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
        a and not b ~ true
        a and b or c ~ true
        a and (b or not c) ~ false
        not a or not b and c ~ true
        1 of sel* ~ true
        all of sel* ~ false
        all of them ~ false
        any of them ~ true
        notable ~ true
        allowed and not order ~ true
        """)
    void readsConditions(String condition, boolean wanted) {
        String searches = "  a: {x: 1}\n  b: {x: 2}\n  c: {y: 1}\n  sel_1: {x: 1}\n  sel_2: {x: 3}\n"
                + "  notable: {x: 1}\n  allowed: {x: 1}\n  order: {x: 2}\n";
        assertThat(matches(searches + "  condition: " + condition + "\n", "{'x':1,'y':1}"))
                .isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        `  s: {a: 1}\n  condition: t\n` ~ no search of this rule
        `  s: {a|foo: 1}\n  condition: s\n` ~ modifier 'foo' is unknown
        `  s: {a: 1}\n  condition: s | count() > 3\n` ~ old pipe
        `  s: {a: 1}\n` ~ no condition
        `  s: {a|re: '(?=x)'}\n  condition: s\n` ~ looks ahead
        `  s: {a|re: '('}\n  condition: s\n` ~ is broken
        `  s: {a|cidr: 'x/8'}\n  condition: s\n` ~ is no network
        `  s: {a: 1}\n  condition: s\nlevel: grave\n` ~ level 'grave' is unknown
        `  s: {a: 1}\n  condition: s\nstatus: odd\n` ~ status 'odd' is unknown
        `  s: {a|expand: '%x%'}\n  condition: s\n` ~ has no values
        `  s: {a: [}\n  condition: s\n` ~ is no YAML
        """)
    void tellsWhatIsBroken(String detection, String reason) {
        RuleSet rules = rules(HEAD + detection.replace("\\n", "\n"));
        assertThat(rules.rules()).isEmpty();
        assertThat(rules.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).contains(reason);
            assertThat(problem.file()).isEqualTo("r0.yml");
        });
    }

    @Test
    void placesEventsByTheirLogSource() {
        String rule = "title: %s\nlogsource: %s\ndetection:\n  s: {%s}\n  condition: s\n";
        RuleSet rules = rules(
                rule.formatted("proc", "{product: linux, category: process_creation}", "Image|endswith: /nc"),
                rule.formatted("win", "{product: windows, category: process_creation}", "Image|endswith: '\\\\x.exe'"),
                rule.formatted("security", "{product: windows, service: security}", "EventID: 4624"),
                rule.formatted(
                        "audit",
                        "{product: linux, service: auditd}",
                        "type: PATH, name: /etc/shadow, nametype: DELETE"),
                rule.formatted("other", "{product: zeek, service: http}", "Image|contains: nc"));
        assertThat(rules.problems()).isEmpty();
        assertThat(
                        matched(
                                rules,
                                "{\"event\":{\"dataset\":\"panoptes.proc\"},\"process\":{\"executable\":\"/usr/bin/busybox\",\"args\":[\"nc\"]}}"))
                .containsExactly("proc");
        assertThat(
                        matched(
                                rules,
                                "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,\"Image\":\"C:\\\\x.exe\"}"))
                .containsExactly("win");
        assertThat(matched(rules, "{\"Channel\":\"Security\",\"EventID\":4624}"))
                .containsExactly("security");
        assertThat(matched(rules, "{\"Image\":\"/nc\"}")).containsExactly("other");
        String audit =
                "{\"event\":{\"dataset\":\"panoptes.kernel_audit\"},\"auditd\":{\"record_types\":[\"SYSCALL\",\"PATH\"],"
                        + "\"paths\":[{\"name\":\"/etc/shadow\",\"nametype\":\"%s\"},{\"name\":\"/etc\",\"nametype\":\"DELETE\"}]}}";
        assertThat(matched(rules, audit.formatted("DELETE"))).containsExactly("audit");
        assertThat(matched(rules, audit.formatted("PARENT"))).isEmpty();
    }

    @Test
    void filtersTakeMatchesAway() {
        String rule = "title: R\nid: r1\nlogsource: {category: thing}\ndetection:\n  s: {a: x}\n  condition: s\n";
        String filter =
                "title: F\nlogsource: {category: thing}\nfilter:\n  rules: [r1]\n  q: {b: y}\n  condition: not q\n";
        RuleSet rules = rules(rule, filter);
        assertThat(matched(rules, "{\"a\":\"x\",\"b\":\"y\"}")).isEmpty();
        assertThat(matched(rules, "{\"a\":\"x\"}")).containsExactly("R");
    }

    @Test
    void correlationsSlideOverTheEventsOwnTime() {
        String base =
                "title: B\nname: base\nlogsource: {category: thing}\ndetection:\n  s: {a: x}\n  condition: s\n---\n";
        RuleSet rules = rules(base
                + "title: C\n"
                + "correlation: {type: event_count, rules: [base], group-by: [h], timespan: 1m, condition: {gte: 3}}\n"
                + "---\n"
                + "title: V\n"
                + "correlation: {type: value_count, rules: [base], group-by: [h], timespan: 1m, condition: {field: v,"
                + " gte: 2}}\n"
                + "---\n"
                + "title: O\n"
                + "correlation: {type: temporal_ordered, rules: [c2, base], timespan: 1m}\n"
                + "---\n"
                + "title: C2\n"
                + "name: c2\n"
                + "logsource: {category: thing}\n"
                + "detection:\n"
                + "  s: {a: z}\n"
                + "  condition: s\n");
        assertThat(rules.problems()).isEmpty();
        assertThat(rules.rules())
                .filteredOn(RuleInfo::silent)
                .extracting(RuleInfo::title)
                .containsExactly("B", "C2");
        Correlator correlator = new Correlator(rules);
        String[] times = {"00:00", "00:20", "00:40", "05:00", "05:30"};
        for (int i : new int[] {4, 0, 2, 3, 1}) {
            Event event = Objects.requireNonNull(new EventLines()
                    .read("{\"a\":\"x\",\"h\":\"one\",\"v\":\"v" + (i / 3) + "\",\"@timestamp\":\"2026-01-01T00:"
                            + times[i] + "Z\"}"));
            int place = i;
            rules.match(event, number -> correlator.add(number, event, "e" + place, place));
        }
        List<Correlator.Completed> completed = correlator.completed();
        assertThat(completed).singleElement().satisfies(one -> {
            assertThat(one.event()).isEqualTo("e2");
            assertThat(one.events()).containsExactly("e0", "e1", "e2");
        });
    }

    @Test
    void aReferenceThatIsNowhereAndACycleAreBroken() {
        String correlation = "title: %s\nname: %s\ncorrelation: {type: temporal, rules: [%s], timespan: 1m}\n";
        RuleSet rules = rules(
                correlation.formatted("A", "a", "b"),
                correlation.formatted("B", "b", "a"),
                correlation.formatted("C", "c", "gone"));
        assertThat(rules.rules()).isEmpty();
        assertThat(rules.problems()).hasSize(3);
        assertThat(rules.problems()).extracting(Problem::reason).anyMatch(reason -> reason.contains("cycle"));
    }
}
