package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.checks.RegistryWorlds.evidence;
import static dev.panoptes.integrity.checks.RegistryWorlds.failure;
import static dev.panoptes.integrity.checks.RegistryWorlds.verdicts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.judging.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DuplicateAgentCheckTest {
    private final DuplicateAgentCheck check = new DuplicateAgentCheck();

    @ParameterizedTest
    @CsvSource({"event-bus, Event_Bus", "event-bus, eventbus", "hermes, HERMES", "node-1, node1", "a.b, a b"})
    void keysThatDifferInCaseOrSeparatorOnlyAreDuplicates(String one, String two) throws InterruptedException {
        Failure failure = failure(check, "agents:\n  '%s': {}\n  '%s': {}\n  other: {}\n".formatted(one, two));
        assertThat(failure.subject()).isEqualTo(one + "-" + two);
        assertThat(failure.affected()).containsExactly(one, two);
        assertThat(evidence(failure)).containsExactly("2: " + one + ": no name", "3: " + two + ": no name");
    }

    @ParameterizedTest
    @CsvSource({"hermes, hermes-2", "node-1-12, node-11-2", "v1.0, v10", "arwen, eros", "'--', '++'"})
    void otherKeysAreNot(String one, String two) throws InterruptedException {
        assertThat(verdicts(check, "agents:\n  '%s': {}\n  '%s': {}\n".formatted(one, two)))
                .containsExactly("pass " + one, "pass " + two);
    }

    @Test
    void namesOfOneHostThatCannotBeToldApartAreDuplicates() throws InterruptedException {
        Failure failure = failure(check, """
                agents:
                  one: {name: Event Bus}
                  two: {name: EVENT-BUS}
                  three: {name: EVENT-BUS, host: web-1}
                """);
        assertThat(failure.affected()).containsExactly("one", "two");
        assertThat(evidence(failure)).containsExactly("2: one: name Event Bus", "3: two: name EVENT-BUS");
    }

    @Test
    void anAgentWithoutNameReportsItsKey() throws InterruptedException {
        assertThat(failure(check, "agents: {hermes: {}, other: {name: HERMES}}").affected())
                .containsExactly("hermes", "other");
    }

    @Test
    void threeAlikeAreOneIssue() throws InterruptedException {
        assertThat(verdicts(check, "agents: {a-b: {}, a_b: {}, c: {name: A B}, d: {name: C}}"))
                .containsExactly("fail a-b-a_b-c", "pass d");
    }

    @Test
    void aKeyThatStandsTwiceIsADuplicateAgent() throws InterruptedException {
        Failure failure = failure(check, "agents:\n  one: {}\n  two: {}\n  one: {}\n");
        assertThat(failure.subject()).isEqualTo("one");
        assertThat(evidence(failure)).containsExactly("4: the key 'one' stands here and in line 2; this one counts");
    }

    @Test
    void aKeyThatStandsTwiceElsewhereIsNot() throws InterruptedException {
        assertThat(verdicts(check, "agents: {one: {name: A, name: B}}")).containsExactly("pass one");
    }
}
