package dev.panoptes.server.web;

import dev.panoptes.detection.fusion.Tactics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** ATT&CK's techniques by name and first tactic, for people; from {@code techniques.tsv}. */
final class AttackTable {
    /** How the narrow column of a tactic is headed. */
    static final Map<String, String> HEADINGS = Map.ofEntries(
            Map.entry("reconnaissance", "Reconnaissance"),
            Map.entry("initial-access", "Initial access"),
            Map.entry("execution", "Execution"),
            Map.entry("persistence", "Persistence"),
            Map.entry("privilege-escalation", "Privilege esc."),
            Map.entry("defense-evasion", "Evasion"),
            Map.entry("credential-access", "Credentials"),
            Map.entry("discovery", "Discovery"),
            Map.entry("lateral-movement", "Lateral"),
            Map.entry("collection", "Collection"),
            Map.entry("command-and-control", "Command"),
            Map.entry("exfiltration", "Exfiltration"),
            Map.entry("impact", "Impact"));

    /** Of those, in the order in which an attack usually goes through them. */
    static final List<String> ORDER = HEADINGS.keySet().stream()
            .sorted(Comparator.comparingInt(Tactics::place))
            .toList();

    private final Map<String, Technique> techniques = new HashMap<>();

    /** @param tactic the first that an attacker uses it for */
    record Technique(String id, String tactic, String name) {}

    AttackTable() {
        try (InputStream in = AttackTable.class.getResourceAsStream("techniques.tsv")) {
            if (in == null) {
                throw new IllegalStateException("the program was built without techniques.tsv");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split("\t");
                if (fields.length == 3) {
                    techniques.put(fields[0], new Technique(fields[0], fields[1], fields[2]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("techniques.tsv cannot be read", e);
        }
    }

    /** A technique that the table does not have is shown by its id, below what it is a part of. */
    Technique of(String id) {
        Technique known = techniques.get(id);
        if (known == null) {
            int dot = id.indexOf('.');
            Technique parent = dot < 0 ? null : techniques.get(id.substring(0, dot));
            known = new Technique(id, parent == null ? "" : parent.tactic(), parent == null ? id : parent.name());
        }
        return known;
    }
}
