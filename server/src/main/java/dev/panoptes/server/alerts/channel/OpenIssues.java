package dev.panoptes.server.alerts.channel;

import java.util.List;

/** What is open right now and neither silenced nor held back. */
@FunctionalInterface
public interface OpenIssues {
    List<AlertIssue> list();
}
