package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** ATT&CK's technique ids, and which were renumbered: a rule written with either number is found under both. */
public final class Techniques {
    private static final Pattern TAG = Pattern.compile("attack\\.(t[0-9]{4}(?:\\.[0-9]{3})?)");

    /** Predecessor to successor, as ATT&CK's own revocations say. */
    private static final Map<String, String> RENUMBERED = Map.ofEntries(
            Map.entry("T1002", "T1560"),
            Map.entry("T1022", "T1560"),
            Map.entry("T1032", "T1573"),
            Map.entry("T1043", "T1571"),
            Map.entry("T1050", "T1543.003"),
            Map.entry("T1054", "T1562.006"),
            Map.entry("T1060", "T1547.001"),
            Map.entry("T1063", "T1518.001"),
            Map.entry("T1065", "T1571"),
            Map.entry("T1066", "T1027.005"),
            Map.entry("T1067", "T1542.003"),
            Map.entry("T1079", "T1573"),
            Map.entry("T1081", "T1552.001"),
            Map.entry("T1085", "T1218.011"),
            Map.entry("T1086", "T1059.001"),
            Map.entry("T1089", "T1562.001"),
            Map.entry("T1094", "T1095"),
            Map.entry("T1099", "T1070.006"),
            Map.entry("T1100", "T1505.003"),
            Map.entry("T1107", "T1070.004"),
            Map.entry("T1139", "T1552.003"),
            Map.entry("T1145", "T1552.004"),
            Map.entry("T1146", "T1070.003"),
            Map.entry("T1148", "T1562.003"),
            Map.entry("T1154", "T1546.005"),
            Map.entry("T1156", "T1546.004"),
            Map.entry("T1158", "T1564.001"),
            Map.entry("T1166", "T1548.001"),
            Map.entry("T1168", "T1053.003"),
            Map.entry("T1169", "T1548.003"),
            Map.entry("T1188", "T1090.003"),
            Map.entry("T1206", "T1548.003"),
            Map.entry("T1215", "T1547.006"),
            Map.entry("T1483", "T1568.002"),
            Map.entry("T1487", "T1561.002"),
            Map.entry("T1488", "T1561.001"),
            Map.entry("T1492", "T1565.001"),
            Map.entry("T1500", "T1027.004"),
            Map.entry("T1501", "T1543.002"),
            Map.entry("T1562", "T1685"),
            Map.entry("T1562.001", "T1685"),
            Map.entry("T1562.002", "T1685.001"),
            Map.entry("T1562.003", "T1690"),
            Map.entry("T1562.004", "T1686"),
            Map.entry("T1562.006", "T1685"),
            Map.entry("T1562.007", "T1686.001"),
            Map.entry("T1562.008", "T1685.002"),
            Map.entry("T1562.009", "T1688"),
            Map.entry("T1562.010", "T1689"),
            Map.entry("T1562.011", "T1685.003"),
            Map.entry("T1562.012", "T1685.004"),
            Map.entry("T1070.001", "T1685.005"),
            Map.entry("T1070.002", "T1685.006"),
            Map.entry("T1656", "T1684.001"),
            Map.entry("T1503", "T1555.003"),
            Map.entry("T1527", "T1550.001"));

    private Techniques() {}

    /** The ids that tags name ({@code attack.t1059.004}), in their order, in upper case. */
    public static List<String> of(List<String> tags) {
        Set<String> found = new LinkedHashSet<>();
        for (String tag : tags) {
            var matcher = TAG.matcher(tag.toLowerCase(Locale.ROOT));
            if (matcher.matches()) {
                found.add(matcher.group(1).toUpperCase(Locale.ROOT));
            }
        }
        return List.copyOf(found);
    }

    /** These and what each was renumbered to, so that a reader of either edition finds them. */
    public static List<String> current(List<String> techniques) {
        Set<String> all = new LinkedHashSet<>();
        for (String technique : techniques) {
            for (String id = technique; id != null; id = RENUMBERED.get(id)) {
                all.add(id);
            }
        }
        return List.copyOf(all);
    }

    /** The id itself and every other number that the same technique has or had. */
    public static List<String> names(String technique) {
        List<String> names = new ArrayList<>(current(List.of(technique)));
        RENUMBERED.keySet().stream()
                .sorted()
                .filter(old -> current(List.of(old)).contains(technique))
                .filter(old -> !names.contains(old))
                .forEach(names::add);
        return names;
    }
}
