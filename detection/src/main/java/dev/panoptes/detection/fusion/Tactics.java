package dev.panoptes.detection.fusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** ATT&CK's tactics, in the order in which an attack usually goes through them. */
public final class Tactics {
    private static final List<String> ORDER = List.of(
            "reconnaissance",
            "resource-development",
            "initial-access",
            "execution",
            "persistence",
            "privilege-escalation",
            "defense-evasion",
            "stealth",
            "defense-impairment",
            "credential-access",
            "discovery",
            "lateral-movement",
            "collection",
            "command-and-control",
            "exfiltration",
            "impact");

    private Tactics() {}

    /** The tactics that tags name ({@code attack.execution}), in their order. */
    public static List<String> of(List<String> tags) {
        List<String> found = new ArrayList<>();
        for (String tag : tags) {
            String word = tag.toLowerCase(Locale.ROOT).replace('_', '-');
            if (word.startsWith("attack.") && ORDER.contains(word.substring(7))) {
                found.add(word.substring(7));
            }
        }
        return found;
    }

    /** The place in the order; after all others for a word that is none. */
    public static int place(String tactic) {
        int place = ORDER.indexOf(tactic);
        return place < 0 ? ORDER.size() : place;
    }
}
