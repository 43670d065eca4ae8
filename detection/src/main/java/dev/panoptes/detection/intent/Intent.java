package dev.panoptes.detection.intent;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.analytics.Seen;
import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.intent.Declaration.Kind;
import dev.panoptes.detection.sigma.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Weighs findings by what is declared. Each reason moves a finding by one level, and it says so:
 *
 * <ul>
 *   <li>down, up to medium: the declared unit, the declared program, or a declared endpoint is what it is about. A high finding
 *       is nothing that a declaration of a program could mean, and what a declared program starts is not the program;
 *   <li>down, up to high: a maintenance covers its time, host and name;
 *   <li>up, to high at most: it is about a program that an open integrity issue shows to be nobody's;
 *   <li>up, to medium at most: it is about a unit that came from no package and that no agent declares, on a host for which
 *       the registry declares units. Where it declares none it is silent, and so is this.
 * </ul>
 *
 * Together they move it by two levels at most, never above critical nor below informational. Immutable; thread-safe.
 */
public final class Intent {
    /** Nothing is declared. */
    public static final Intent NONE = new Intent(List.of(), List.of());

    private static final int MOST_LEVELS = 2;
    private static final Set<String> UNIT_SUFFIXES = Set.of("service", "timer", "socket", "path", "mount");

    private final Map<List<String>, Declaration> declared = new HashMap<>();
    private final Set<String> hostsWithUnits = new HashSet<>();
    private final List<Maintenance> maintenances;

    public Intent(Collection<Declaration> declarations, Collection<Maintenance> maintenances) {
        this.maintenances = List.copyOf(maintenances);
        for (Declaration one : declarations) {
            declared.put(List.of(one.host(), one.kind().name(), one.value()), one);
            if (one.kind() == Kind.UNIT) {
                hostsWithUnits.add(one.host());
            }
        }
    }

    /** True where nothing is declared: no finding weighs more or less than its rule says. */
    public boolean isEmpty() {
        return declared.isEmpty() && maintenances.isEmpty();
    }

    /** The finding as it weighs. @param seen the event that it follows from; null where it follows from several */
    public Hit judged(Hit hit, @Nullable Seen seen) {
        if (isEmpty()) {
            return hit;
        }
        List<Hit.Adjustment> reasons = new ArrayList<>(2);
        Level level = hit.level();
        boolean ours = false;
        if (level.compareTo(Level.LOW) >= 0 && level.compareTo(Level.MEDIUM) <= 0) {
            String reason = declared(hit, seen);
            if (reason != null) {
                ours = true;
                reasons.add(new Hit.Adjustment(-1, reason));
            }
        }
        if (level.compareTo(Level.CRITICAL) < 0) {
            maintenances.stream()
                    .filter(maintenance -> maintenance.holds(hit))
                    .map(Maintenance::reason)
                    .sorted()
                    .findFirst()
                    .ifPresent(reason -> reasons.add(new Hit.Adjustment(-1, "maintenance is declared: " + reason)));
        }
        if (!ours) {
            Hit.Adjustment against = against(hit, seen);
            if (against != null) {
                reasons.add(against);
            }
        }
        if (reasons.isEmpty()) {
            return hit;
        }
        int levels =
                Math.clamp(reasons.stream().mapToInt(Hit.Adjustment::levels).sum(), -MOST_LEVELS, MOST_LEVELS);
        int place = Math.clamp((long) level.ordinal() + levels, 0, Level.CRITICAL.ordinal());
        return hit.weighed(Level.values()[place], reasons);
    }

    private @Nullable String declared(Hit hit, @Nullable Seen seen) {
        String unit = seen == null ? null : unit(seen);
        Declaration found = unit == null ? null : find(hit.host(), Kind.UNIT, unit);
        if (found != null) {
            return "the registry declares the unit " + unit + " of " + found.by();
        }
        for (String program : programs(hit, seen)) {
            found = find(hit.host(), Kind.PROGRAM, program);
            if (found != null) {
                return "the registry declares the program " + program + " of " + found.by();
            }
        }
        String endpoint = endpoint(hit, seen);
        found = endpoint == null ? null : find("", Kind.ENDPOINT, endpoint);
        return found == null ? null : "the registry declares that " + found.by() + " listens on " + endpoint;
    }

    private Hit.@Nullable Adjustment against(Hit hit, @Nullable Seen seen) {
        if (hit.level().compareTo(Level.HIGH) < 0 && hit.level().compareTo(Level.LOW) >= 0) {
            for (String program : programs(hit, seen)) {
                Declaration stranger = find(hit.host(), Kind.STRANGER, program);
                if (stranger != null) {
                    return new Hit.Adjustment(1, program + " is declared by nobody: " + stranger.by());
                }
            }
        }
        String unit = seen == null || hit.level() != Level.LOW ? null : unit(seen);
        if (unit != null
                && seen != null
                && hostsWithUnits.contains(hit.host())
                && find(hit.host(), Kind.UNIT, unit) == null
                && came(seen.event())) {
            return new Hit.Adjustment(1, "the unit " + unit + " came from no package and nobody declares it");
        }
        return null;
    }

    /** True where the event tells that something was made or changed, and that no package brought it. */
    private static boolean came(Event event) {
        String action = event.action();
        boolean made = "created".equals(action) || "modified".equals(action) || "moved".equals(action);
        return made && event.text("package.name") == null;
    }

    /** The unit that an event is about, or an instance's template; null for none. */
    private static @Nullable String unit(Seen seen) {
        String path = seen.event().text("persistence.path");
        String file = path == null ? seen.event().text("file.path") : path;
        if (file == null || !file.contains("/systemd/")) {
            return null;
        }
        // A drop-in lies in the folder of its unit.
        for (String part : file.split("/")) {
            String name = part.endsWith(".d") ? part.substring(0, part.length() - 2) : part;
            int dot = name.lastIndexOf('.');
            if (dot > 0 && UNIT_SUFFIXES.contains(name.substring(dot + 1))) {
                return name;
            }
        }
        return null;
    }

    private static List<String> programs(Hit hit, @Nullable Seen seen) {
        if (seen != null) {
            String program = seen.event().text("process.executable");
            String file = seen.event().text("file.path");
            List<String> programs = new ArrayList<>(2);
            if (program != null) {
                programs.add(program);
            }
            if (file != null) {
                programs.add(file);
            }
            return programs;
        }
        return hit.entities().stream()
                .filter(entity -> entity.type().equals("process"))
                .map(Entity::id)
                .toList();
    }

    private static @Nullable String endpoint(Hit hit, @Nullable Seen seen) {
        if (seen != null) {
            String address = seen.event().text("destination.ip");
            Long port = seen.event().number("destination.port");
            return address == null || port == null ? null : address + ":" + port;
        }
        // Analytics of connections name the endpoint first.
        int blank = hit.text().indexOf(' ');
        return blank < 0 ? null : hit.text().substring(0, blank);
    }

    private @Nullable Declaration find(String host, Kind kind, String value) {
        Declaration found = declared.get(List.of(host, kind.name(), value));
        return found != null || kind != Kind.UNIT ? found : template(host, value);
    }

    private @Nullable Declaration template(String host, String unit) {
        int at = unit.indexOf('@');
        int dot = unit.lastIndexOf('.');
        return at < 0 || dot < at
                ? null
                : declared.get(List.of(host, Kind.UNIT.name(), unit.substring(0, at + 1) + unit.substring(dot)));
    }
}
