package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.detection.EventLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of YAML rules may use, what is refused, and what values without quotes mean. */
class RuleYamlTest {
    private static final String RULE =
            "title: %s\nlogsource: {category: thing}\ndetection:\n  s: {%s}\n  condition: s\n";

    private static RuleSet rules(String text) {
        return RuleSet.of(new RuleFiles.Found(List.of(new RuleText("r.yml", text)), List.of()));
    }

    private static List<String> matched(RuleSet rules, String event) {
        Event read = Objects.requireNonNull(new EventLines().read(event));
        List<String> titles = new ArrayList<>();
        rules.match(read, number -> titles.add(rules.rules().get(number).title()));
        return titles;
    }

    private static List<String> problems(String text) {
        RuleSet rules = rules(text);
        assertThat(rules.rules()).isEmpty();
        return rules.problems().stream().map(Problem::text).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        a: 4 ~ {"a":"4.0"} ~ true
        a: '4' ~ {"a":"4.0"} ~ false
        a: "4" ~ {"a":"4"} ~ true
        a: 007 ~ {"a":"7"} ~ false
        a: 1e3 ~ {"a":1000} ~ true
        a: 2026-01-01 ~ {"a":"2026-01-01"} ~ true
        a: true ~ {"a":true} ~ true
        a: 'true' ~ {"a":"TRUE"} ~ true
        a: yes ~ {"a":"yes"} ~ true
        a: yes ~ {"a":true} ~ false
        a: null ~ {"b":1} ~ true
        a: ~ {"b":1} ~ true
        a: 'null' ~ {"b":1} ~ false
        a: 'null' ~ {"a":"null"} ~ true
        a: nULL ~ {"a":"null"} ~ true
        a: !!str x ~ {"a":"x"} ~ true
        """)
    void aValueMeansWhatItsQuotesSay(String search, String event, boolean wanted) {
        RuleSet rules = rules(RULE.formatted("T", search));
        assertThat(rules.problems()).isEmpty();
        assertThat(!matched(rules, event).isEmpty()).isEqualTo(wanted);
    }

    @Test
    void anchorsMergeKeysAndBlockTextsAreFollowed() {
        RuleSet rules = rules("""
                title: T
                description: |
                  two
                  lines
                logsource: {category: thing}
                detection:
                  one: &one {a: x, b: y}
                  two:
                    <<: *one
                    b: z
                  three: {<<: [{c: 1}, *one]}
                  condition: two or three
                """);
        assertThat(rules.problems()).isEmpty();
        assertThat(matched(rules, "{\"a\":\"x\",\"b\":\"z\"}")).containsExactly("T");
        assertThat(matched(rules, "{\"a\":\"x\",\"b\":\"y\"}")).isEmpty();
        assertThat(matched(rules, "{\"a\":\"x\",\"b\":\"y\",\"c\":1}")).containsExactly("T");
    }

    @Test
    void documentsAreRulesOfTheirOwnAndABrokenRuleTakesNoOtherWithIt() {
        RuleSet rules = rules("---\n" + RULE.formatted("A", "a: 1") + "---\n---\nlevel: low\n---\n"
                + RULE.formatted("B", "a: 1") + "...\n");
        assertThat(rules.problems()).extracting(Problem::text).containsExactly("r.yml:9: the rule has no title");
        assertThat(matched(rules, "{\"a\":1}")).containsExactlyInAnyOrder("A", "B");
    }

    @Test
    void whatIsWrongIsToldWithItsLineAndNothingOfTheFileRuns() {
        assertThat(problems(RULE.formatted("A", "a: 1") + "title: B\nlevel: low\nlevel: high\n"))
                .containsExactly(
                        "r.yml:6: the key 'title' stands here and in line 1",
                        "r.yml:8: the key 'level' stands here and in line 7");
        assertThat(problems(RULE.formatted("A", "a: *gone")))
                .containsExactly(
                        "r.yml:4: no anchor 'gone' stands before; write &gone in front of the value that is meant, above this line");
        assertThat(problems(RULE.formatted("A", "a: &x [*x]")))
                .containsExactly("r.yml:4: the anchor 'x' contains itself");
        assertThat(problems(RULE.formatted("A", "? [a] : b"))).containsExactly("r.yml:4: a key is a list");
        assertThat(problems(RULE.formatted("A", "a: {{ name }}")))
                .containsExactly("r.yml:4: stands for a template's value: give its rendered result");
        assertThat(problems(RULE.formatted("A", "a: !include x.yml")))
                .containsExactly("r.yml:4: what !include 'x.yml' stands for is not known: tags are not followed. Write"
                        + " the value itself");
        assertThat(problems("title: A\n\tlevel: low\n"))
                .singleElement()
                .asString()
                .startsWith("r.yml:2: is no YAML: ")
                .endsWith("Indent with blanks instead of tabs");
        assertThat(problems("a: \0\n")).containsExactly("r.yml:1: is no YAML: the character U+0000 is not allowed");
        assertThat(problems("")).containsExactly("r.yml:1: holds no rule");
        assertThat(problems("# nothing\n---\n")).containsExactly("r.yml:1: holds no rule");
        assertThat(problems("- a\n")).containsExactly("r.yml:1: a rule is a list, not a map");
    }

    @Test
    void bracesInQuotesAreNoTemplate() {
        assertThat(matched(rules(RULE.formatted("A", "a: '{{ name }}'")), "{\"a\":\"{{ name }}\"}"))
                .containsExactly("A");
    }

    @Test
    void hostileTextsEndAtTheirBounds() {
        assertThat(problems(RULE.formatted("A", "a: " + "[".repeat(100_000 - 20))))
                .containsExactly("r.yml:4: is nested more than 40 levels deep");
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            laughs.append("a%d: &a%d [%s*a%d]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9), i - 1));
        }
        assertThat(problems(laughs.toString()))
                .containsExactly("r.yml:6: holds more than 200000 values, each use of an alias counted");
        assertThat(problems("a: b\n---\n".repeat(100_000)))
                .containsExactly("r.yml:133333: holds more than 200000 values, each use of an alias counted");
        assertThat(problems("a: " + "x".repeat(200_000)))
                .containsExactly("r.yml:1: has a line of more than 100000 characters");
        assertThat(problems("# " + "x\n# ".repeat(2 << 20))).containsExactly("r.yml:1: is larger than 4 MiB");
    }

    @Test
    void placeholdersThatAreBrokenAreTold() {
        List<Problem> problems = new ArrayList<>();
        assertThat(RuleFiles.placeholders(
                        List.of(
                                new RuleText("a/placeholders.yml", "x: [1, b]\ny: c\n"),
                                new RuleText("b/placeholders.yml", "x: [\n"),
                                new RuleText("c/placeholders.yml", "z: [[a]]\n")),
                        problems))
                .containsEntry("x", List.of("1", "b"))
                .containsEntry("y", List.of("c"));
        assertThat(problems).hasSize(2);
        assertThat(problems.getFirst().text()).startsWith("b/placeholders.yml:").contains("is no YAML: ");
        assertThat(problems.getLast().text()).isEqualTo("c/placeholders.yml:1: a placeholder's value is a list");
    }

    @Test
    void casesThatAreBrokenAreTold() {
        String[] texts = {"", "match: [\n", "- a\n", "match: [x]\nnear: [y]\nmatch: [z]\n", "match: [{command: [x]}]\n"
        };
        String[] reasons = {
            "the cases are no map", "is no YAML", "the cases are no map", "the key 'match'", "not a command line"
        };
        for (int i = 0; i < texts.length; i++) {
            RuleCases cases = new RuleCases(rules(RULE.formatted("A", "a: 1")));
            cases.run("r.yml", new RuleText("r.cases.yml", texts[i]));
            String reason = reasons[i];
            assertThat(cases.failures())
                    .extracting(Problem::text)
                    .anySatisfy(
                            text -> assertThat(text).startsWith("r.cases.yml:").contains(reason));
        }
    }

    @Test
    void aFieldsEventIsTypedAsItIsWritten() {
        YamlNode node = RuleYaml.read("c", "{a: 12, b: '12', c: true, d: [x, null], e: {f: no}}\n")
                .roots()
                .getFirst();
        assertThat(RuleCases.event(node, java.util.Map.of(), 0).json())
                .contains("\"a\":12", "\"b\":\"12\"", "\"c\":true", "\"d\":[\"x\"]", "\"f\":\"no\"");
    }
}
