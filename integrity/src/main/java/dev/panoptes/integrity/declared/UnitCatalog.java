package dev.panoptes.integrity.declared;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The units of a tree besides its services: what starts a service at times, and files of which units are made.
 *
 * @param triggers timers, sockets and path units
 * @param sources names of units of other kinds, of templates of units ({@code api.service.j2}) and of quadlets
 * @param ignored what systemd ignores in units and drop-ins although it is plain what was meant; by file
 * @param files the units and drop-ins that were looked at for it
 * @param mentions where a script, Makefile or README speaks of a unit or environment file that is not in the tree, as
 *     {@code file:line}: it may make or install it
 */
public record UnitCatalog(
        List<Trigger> triggers,
        Set<String> sources,
        List<Ignored> ignored,
        List<String> files,
        Map<String, String> mentions) {
    public static final UnitCatalog EMPTY = new UnitCatalog(List.of(), Set.of(), List.of(), List.of(), Map.of());

    /** What a quadlet's unit is called (podman-systemd.unit(5), "Description"): its name with this and {@code .service}. */
    private static final Map<String, String> QUADLETS = Map.of(
            ".container", "",
            ".kube", "",
            ".pod", "-pod",
            ".volume", "-volume",
            ".network", "-network",
            ".image", "-image",
            ".build", "-build");

    public UnitCatalog {
        triggers = List.copyOf(triggers);
        sources = Set.copyOf(sources);
        ignored = List.copyOf(ignored);
        files = List.copyOf(files);
        mentions = Map.copyOf(mentions);
    }

    /**
     * A section or setting that systemd does not read.
     *
     * @param file rootPath
     * @param written {@code [Instal]}, or {@code EnviromentFile= in [Service]}
     * @param meant what it would read
     */
    public record Ignored(String file, int line, String written, String meant) {}

    /**
     * A unit that starts a service.
     *
     * @param service the name of the unit that it starts
     * @param line where it says so; 0 where it says nothing, and the service is called like the trigger
     * @param accepts true for a socket that starts an instance of a template for each connection ({@code Accept=yes})
     * @param listens the ports that a socket listens on for the service
     */
    public record Trigger(
            String rootPath, String name, String service, int line, boolean accepts, List<Listen> listens) {
        public Trigger {
            listens = List.copyOf(listens);
        }
    }

    /**
     * A {@code ListenStream=} of a socket (systemd.socket(5)).
     *
     * @param address empty where it listens on all
     */
    public record Listen(int port, String address, int line, String text) {}

    /**
     * True where the tree holds the unit, or a file of which it is made.
     *
     * @param unit its name, of an instance too
     */
    public boolean provides(String unit, List<UnitFile> services) {
        Set<String> wanted = new HashSet<>(Set.of(unit));
        int at = unit.indexOf('@');
        if (at > 0) {
            wanted.add(unit.substring(0, at + 1) + unit.substring(unit.lastIndexOf('.')));
        }
        for (UnitFile service : services) {
            if (wanted.contains(service.name())
                    || service.details().aliases().stream().anyMatch(wanted::contains)) {
                return true;
            }
        }
        return triggers.stream().anyMatch(trigger -> wanted.contains(trigger.name()))
                || sources.stream().anyMatch(source -> wanted.stream().anyMatch(name -> makes(source, name)));
    }

    private static boolean makes(String source, String unit) {
        if (source.equals(unit) || source.startsWith(unit + ".") || isOpen(source)) {
            return true;
        }
        int dot = source.lastIndexOf('.');
        String more = dot < 0 ? null : QUADLETS.get(source.substring(dot));
        return more != null && unit.equals(source.substring(0, dot) + more + ".service");
    }

    /** A template whose own name is filled in may become any unit. */
    private static boolean isOpen(String source) {
        return source.indexOf('{') >= 0 || source.indexOf('%') >= 0;
    }

    /** Where the tree speaks of something that it does not hold; null where it does not. */
    public @Nullable String mention(String name) {
        return mentions.get(name);
    }
}
