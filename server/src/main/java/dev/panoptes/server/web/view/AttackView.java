package dev.panoptes.server.web.view;

import java.util.List;

/** What of ATT&amp;CK the rules see. @param detected how many techniques were seen @param covered how many rules are for */
public record AttackView(List<Column> columns, int detected, int covered) {
    public record Column(String heading, List<Cell> cells) {}

    /** @param tone {@code d} seen, {@code c} covered @param label for those who do not see the colours */
    public record Cell(String technique, String name, String tone, long hits, List<String> rules, String label) {}
}
