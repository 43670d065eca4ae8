package dev.panoptes.detection.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.detection.sigma.Level;
import dev.panoptes.detection.sigma.OwnRules;
import dev.panoptes.detection.sigma.RuleInfo;
import dev.panoptes.detection.sigma.RuleSet;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SignsTest {
    private static final Instant START = Instant.parse("2026-03-03T09:00:00Z");

    private static Hit hit(String name, Level level, String tactic, int second) {
        Instant at = START.plusSeconds(second);
        return new Hit(
                name,
                name,
                name,
                level,
                List.of("T1000"),
                List.of(tactic),
                at,
                at,
                name + second,
                List.of(name + second),
                1,
                new TreeSet<>(Set.of(new Entity("host", "web-1"))),
                "",
                Collections.emptySortedSet());
    }

    @Test
    void eachIsARuleOfOursAtLow() {
        Set<String> low = RuleSet.of(OwnRules.read()).rules().stream()
                .filter(rule -> rule.level() == Level.LOW)
                .map(RuleInfo::name)
                .collect(Collectors.toSet());
        assertThat(low).containsAll(Signs.names());
    }

    @Test
    void twoOfOtherTacticsMakeAnIncidentHigh() {
        Hit raises = hit("auth_admin_group_member", Level.MEDIUM, "persistence", 0);
        Hit history = hit("history_cleared_low", Level.LOW, "defense-evasion", 60);
        Hit hashes = hit("shadow_file_read_low", Level.LOW, "credential-access", 90);
        assertThat(Fusion.fuse(List.of(raises, history, hashes)).incidents())
                .singleElement()
                .satisfies(incident -> {
                    assertThat(incident.severity()).isEqualTo(Level.HIGH);
                    assertThat(incident.score()).isEqualTo(60);
                });
        assertThat(Fusion.fuse(List.of(raises, history)).incidents())
                .singleElement()
                .satisfies(incident -> assertThat(incident.severity()).isEqualTo(Level.MEDIUM));
    }

    @Test
    void aloneOrOfNoSuchRuleTheyRaiseNothing() {
        Hit history = hit("history_cleared_low", Level.LOW, "defense-evasion", 60);
        Hit hashes = hit("shadow_file_read_low", Level.LOW, "credential-access", 90);
        assertThat(Fusion.fuse(List.of(history, hashes)).incidents()).isEmpty();
        Hit raises = hit("auth_admin_group_member", Level.MEDIUM, "persistence", 0);
        Hit other = hit("system_information", Level.LOW, "discovery", 60);
        Hit more = hit("data_archived", Level.LOW, "collection", 61);
        assertThat(Fusion.fuse(List.of(raises, other, more)).incidents())
                .singleElement()
                .satisfies(incident -> assertThat(incident.score()).isEqualTo(40));
    }
}
