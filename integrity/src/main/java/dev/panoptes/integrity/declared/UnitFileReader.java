package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.code.command.PortArgument;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.declared.DeclarationFiles.Found;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads unit files with their drop-ins from a tree. A link to another unit of the tree is an alias of it, a link to a template
 * an instance, as is what UnitInstances finds of it. In folders of systemd's search path the file of the first of them counts, also
 * one that is empty or a link to {@code /dev/null}. Drop-ins apply where they lie beside the unit or in a folder of its search path;
 * elsewhere, where none do, those of the only other folder that has some for a unit of this name.
 */
final class UnitFileReader {
    private static final Pattern STREAM =
            Pattern.compile("(?:(?<address>[0-9.]+|\\[[0-9a-fA-F:.]+]):)?(?<port>[0-9]{1,5})");
    private static final int LARGEST_UNIT = 1024 * 1024;
    private static final Map<String, List<String>> TRIGGERED = Map.of(
            "timer", List.of("Timer", "Unit"), "path", List.of("Path", "Unit"), "socket", List.of("Socket", "Service"));

    private final ScannedTree tree;

    UnitFileReader(ScannedTree tree) {
        this.tree = tree;
    }

    /** @param problems gets one entry for each file that could not be read */
    List<ParsedUnit> parse(DeclarationFiles files, List<Problem> problems) throws InterruptedException {
        Map<String, List<String>> aliases = new HashMap<>();
        List<Found> own = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        files.units().forEach(found -> paths.add(found.rootPath()));
        for (Found found : files.units()) {
            boolean ofUnit = found.link() && paths.contains(found.targetPath());
            if (ofUnit && !isInstance(found)) {
                aliases.computeIfAbsent(found.targetPath(), unused -> new ArrayList<>())
                        .add(found.name());
            } else {
                own.add(found);
            }
        }
        own.removeAll(shadowed(own));
        Map<String, Map<String, List<Found>>> dropIns = dropIns(files);
        Map<String, String> triggers = triggers(files);
        List<ParsedUnit> parsed = new ArrayList<>();
        for (Found found : own) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading units");
            }
            ParsedUnit unit = parse(
                    found,
                    found.name(),
                    aliases.getOrDefault(found.rootPath(), List.of()),
                    dropIns,
                    triggers,
                    problems);
            if (unit != null) {
                parsed.add(unit);
            }
        }
        return parsed;
    }

    /** Those that a file of the same name in a folder before theirs replaces; and those that only hide others. */
    private static List<Found> shadowed(List<Found> units) {
        Map<String, Integer> first = new HashMap<>();
        for (Found unit : units) {
            SystemdFolder folder = SystemdFolder.of(parent(unit.rootPath()));
            if (folder != null) {
                first.merge(folder.manager() + " " + unit.name(), folder.rank(), Math::min);
            }
        }
        return units.stream()
                .filter(unit -> {
                    SystemdFolder folder = SystemdFolder.of(parent(unit.rootPath()));
                    return unit.masks()
                            || (folder != null
                                    && folder.rank() > first.getOrDefault(folder.manager() + " " + unit.name(), 0));
                })
                .toList();
    }

    /** The units, and of each template the instances that are started, with the drop-ins of their own names. */
    List<ParsedUnit> withInstances(
            DeclarationFiles files, List<ParsedUnit> units, DeployedPaths paths, Registry registry) {
        List<ParsedUnit> templates = UnitInstances.templates(units);
        if (templates.isEmpty()) {
            return units;
        }
        Map<String, Map<String, List<Found>>> dropIns = dropIns(files);
        Map<String, String> triggers = triggers(files);
        Set<String> names = UnitInstances.names(units);
        UnitInstances instances = new UnitInstances(tree, paths, files, units, registry);
        // What could not be read of a template was told with it.
        List<Problem> told = new ArrayList<>();
        List<ParsedUnit> all = new ArrayList<>(units);
        for (ParsedUnit template : templates) {
            for (Found found : files.units()) {
                if (found.rootPath().equals(template.rootPath())) {
                    for (String name : instances.of(template, names)) {
                        ParsedUnit instance = parse(found, name, List.of(), dropIns, triggers, told);
                        if (instance != null) {
                            all.add(instance);
                        }
                    }
                }
            }
        }
        return all;
    }

    /** @param name the unit's: the file's own, or that of an instance of the template in it */
    private @Nullable ParsedUnit parse(
            Found found,
            String name,
            List<String> aliases,
            Map<String, Map<String, List<Found>>> dropIns,
            Map<String, String> triggers,
            List<Problem> problems) {
        Content.Text content = text(found, problems);
        if (content == null) {
            return null;
        }
        UnitSettings settings = UnitSettings.parse(content.text(), found.rootPath());
        if (!settings.isServiceUnit()) {
            return null;
        }
        List<String> applied = new ArrayList<>();
        for (Found dropIn : dropInsOf(found, name, aliases, dropIns)) {
            Content.Text more = dropIn.masks() ? null : text(dropIn, problems);
            if (more != null) {
                settings = settings.and(UnitSettings.parse(more.text(), dropIn.rootPath()));
                applied.add(dropIn.rootPath());
            }
        }
        return new ParsedUnit(found.rootPath(), name, aliases, settings, content.digest(), applied, triggers.get(name));
    }

    private Content.@Nullable Text text(Found found, List<Problem> problems) {
        return switch (tree.read(found.targetPath(), LARGEST_UNIT)) {
            case Content.Text text -> {
                if (text.damagedLine() > 0) {
                    problems.add(new Problem(
                            "encoding",
                            found.rootPath(),
                            new Location(text.damagedLine(), 1),
                            "the unit file is not valid UTF-8; systemd ignores such a line"));
                }
                yield text;
            }
            case Content.Absent absent -> null;
            case Content.Unreadable(String reason) -> {
                problems.add(new Problem(
                        "unreadable-unit", found.rootPath(), Location.WHOLE_FILE, "the unit file " + reason));
                yield null;
            }
        };
    }

    private static boolean isInstance(Found link) {
        String target = link.targetPath().substring(link.targetPath().lastIndexOf('/') + 1);
        return target.endsWith("@.service")
                && !link.name().endsWith("@.service")
                && link.name().startsWith(target.substring(0, target.length() - ".service".length()));
    }

    /** Drop-ins by unit name, then by the folder that holds the {@code .d} directory. */
    private static Map<String, Map<String, List<Found>>> dropIns(DeclarationFiles files) {
        Map<String, Map<String, List<Found>>> all = new HashMap<>();
        for (Found found : files.dropIns()) {
            String directory = parent(found.rootPath());
            String unit = directory.substring(directory.lastIndexOf('/') + 1);
            all.computeIfAbsent(unit.substring(0, unit.length() - ".d".length()), unused -> new TreeMap<>())
                    .computeIfAbsent(parent(directory), unused -> new ArrayList<>())
                    .add(found);
        }
        return all;
    }

    private static List<Found> dropInsOf(
            Found unit, String unitName, List<String> aliases, Map<String, Map<String, List<Found>>> all) {
        // Of one file name the folder that comes first in the search path wins, then the more specific one
        // (systemd.unit(5), "foo-.service.d", "foo@.service.d", "service.d").
        List<String> names = new ArrayList<>();
        aliases.forEach(alias -> names.addAll(dropInNames(alias)));
        names.addAll(dropInNames(unitName));
        String folder = parent(unit.rootPath());
        Map<String, Found> chosen = inSearchPath(names, SystemdFolder.of(folder), all);
        if (chosen.isEmpty()) {
            for (String name : names) {
                Map<String, List<Found>> byFolder = all.getOrDefault(name, Map.of());
                List<Found> beside = byFolder.get(folder);
                List<Found> some = beside != null
                        ? beside
                        : byFolder.size() == 1 && name.equals(unitName)
                                ? byFolder.values().iterator().next()
                                : List.of();
                some.forEach(found -> chosen.put(found.name(), found));
            }
        }
        return List.copyOf(chosen.values());
    }

    private static Map<String, Found> inSearchPath(
            List<String> names, @Nullable SystemdFolder place, Map<String, Map<String, List<Found>>> all) {
        Map<String, Found> chosen = new TreeMap<>();
        for (int rank = SystemdFolder.LAST; place != null && rank >= 0; rank--) {
            SystemdFolder folder = new SystemdFolder(place.manager(), rank);
            for (String name : names) {
                all.getOrDefault(name, Map.of()).forEach((path, found) -> {
                    if (folder.equals(SystemdFolder.of(path))) {
                        found.forEach(each -> chosen.put(each.name(), each));
                    }
                });
            }
        }
        return chosen;
    }

    /** Whose drop-ins apply to a unit, the least specific first. */
    private static List<String> dropInNames(String unit) {
        List<String> names = new ArrayList<>(List.of("service"));
        String plain = unit.endsWith(".service") ? unit.substring(0, unit.length() - ".service".length()) : unit;
        int at = plain.indexOf('@');
        String prefix = at < 0 ? plain : plain.substring(0, at);
        for (int dash = prefix.indexOf('-'); dash >= 0; dash = prefix.indexOf('-', dash + 1)) {
            names.add(prefix.substring(0, dash + 1) + ".service");
        }
        if (at >= 0 && at + 1 < plain.length()) {
            names.add(prefix + "@.service");
        }
        names.add(unit);
        return names;
    }

    /** The unit that starts a service, by the service's name. */
    private Map<String, String> triggers(DeclarationFiles files) {
        Map<String, String> triggers = new HashMap<>();
        triggers(tree, files).forEach(trigger -> triggers.putIfAbsent(trigger.service(), trigger.name()));
        return triggers;
    }

    /** What starts services at times, in the order of the files. */
    static List<UnitCatalog.Trigger> triggers(ScannedTree tree, DeclarationFiles files) {
        List<UnitCatalog.Trigger> triggers = new ArrayList<>();
        for (Found found : files.triggers()) {
            int dot = found.name().lastIndexOf('.');
            String kind = found.name().substring(dot + 1);
            List<String> setting = Objects.requireNonNull(TRIGGERED.get(kind));
            String service = found.name().substring(0, dot) + ".service";
            int line = 0;
            boolean accepts = false;
            List<UnitCatalog.Listen> listens = List.of();
            if (tree.read(found.targetPath(), LARGEST_UNIT) instanceof Content.Text text) {
                UnitSettings settings = UnitSettings.parse(text.text(), found.rootPath());
                UnitSettings.Setting said =
                        settings.last(setting.getFirst(), setting.getLast()).orElse(null);
                service = said == null ? service : UnitWords.specifiers(said.value(), found.name());
                line = said == null ? 0 : said.line();
                accepts = kind.equals("socket")
                        && settings.last("Socket", "Accept")
                                .filter(accept -> ParsedUnit.isTrue(accept.value()))
                                .isPresent();
                listens = kind.equals("socket") ? listens(settings, found.name()) : List.of();
            }
            triggers.add(new UnitCatalog.Trigger(found.rootPath(), found.name(), service, line, accepts, listens));
        }
        return triggers;
    }

    /** A socket's TCP ports; other streams are paths, names and the like. */
    private static List<UnitCatalog.Listen> listens(UnitSettings settings, String unit) {
        List<UnitCatalog.Listen> listens = new ArrayList<>();
        for (UnitSettings.Setting setting : settings.list("Socket", "ListenStream")) {
            Matcher stream = STREAM.matcher(UnitWords.specifiers(setting.value(), unit));
            int port = stream.matches() ? PortArgument.number(stream.group("port")) : 0;
            if (port > 0) {
                String address = stream.group("address");
                boolean all = address == null || address.equals("0.0.0.0") || address.equals("[::]");
                listens.add(new UnitCatalog.Listen(
                        port,
                        all ? "" : address.replaceAll("[\\[\\]]", ""),
                        setting.line(),
                        "ListenStream=" + setting.value()));
            }
        }
        return listens;
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
