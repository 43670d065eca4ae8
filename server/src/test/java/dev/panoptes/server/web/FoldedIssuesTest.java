package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.http.Json;
import dev.panoptes.server.web.view.IssueLine;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What follows from another issue stands below the first cause of it. */
class FoldedIssuesTest {
    private static List<IssueLine> folded(String items) {
        return IntegrityPages.folded(Json.readOwn(items, JsonNode.class));
    }

    @Test
    void aConsequenceOfAConsequenceStandsBelowTheFirstCause() {
        List<IssueLine> lines = folded("""
            [{"fingerprint": "f3", "id": "lost", "cause": "silent"},
             {"fingerprint": "f1", "id": "down", "cause": null},
             {"fingerprint": "f2", "id": "silent", "cause": "down"}]
            """);
        assertThat(lines).extracting(IssueLine::id).containsExactly("down");
        assertThat(lines.getFirst().under()).extracting(IssueLine::id).containsExactlyInAnyOrder("lost", "silent");
    }

    @Test
    void whatFollowsFromAnIssueOfAnotherPageStandsAlone() {
        assertThat(folded("[{\"fingerprint\": \"f3\", \"id\": \"lost\", \"cause\": \"down\"}]"))
                .extracting(IssueLine::id)
                .containsExactly("lost");
    }

    @Test
    void noIssueIsLostWhereCausesGoRound() {
        assertThat(folded("""
            [{"fingerprint": "f1", "id": "one", "cause": "two"}, {"fingerprint": "f2", "id": "two", "cause": "one"}]
            """)).extracting(IssueLine::id).containsExactly("one", "two");
    }
}
