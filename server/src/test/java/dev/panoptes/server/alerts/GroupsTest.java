package dev.panoptes.server.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.server.alerts.channel.AlertIssue;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.issues.Reports;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which issues are told together. */
class GroupsTest {
    private static final Issue CAUSE = Reports.portConflict(8020, "varys");
    private static final Issue EFFECT = Reports.portConflict(8021, "atlas");

    private static List<List<AlertIssue>> groups(Issue... issues) {
        return Groups.of(
                Settings.Grouping.AGENT,
                List.of(issues).stream().map(AlertsTest::told).toList());
    }

    @Test
    void whatFollowsFromAnIssueIsToldWithItThoughItIsAnotherAgents() {
        assertThat(groups(CAUSE, EFFECT)).hasSize(2);
        assertThat(groups(CAUSE, EFFECT.following(CAUSE.id()))).hasSize(1);
    }

    @Test
    void causesThatGoRoundLoseNothing() {
        assertThat(groups(CAUSE.following(EFFECT.id()), EFFECT.following(CAUSE.id())))
                .flatExtracting(group -> group)
                .hasSize(2);
    }
}
