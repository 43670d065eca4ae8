package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.declared.UnitSettings.Setting;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which instances of its templates a fleet starts (systemd.unit(5), "Unit File Specifiers"): those that the registry, another unit
 * or a timer names, the {@code DefaultInstance=}, and those that have both an environment file and a directory of their own.
 */
final class UnitInstances {
    private static final int MOST_OF_ONE = 200;
    private static final int LARGEST_UNIT = 1024 * 1024;
    private static final String SUFFIX = ".service";

    private final ScannedTree tree;
    private final DeployedPaths paths;
    private final Set<String> named = new TreeSet<>();

    UnitInstances(
            ScannedTree tree, DeployedPaths paths, DeclarationFiles files, List<ParsedUnit> units, Registry registry) {
        this.tree = tree;
        this.paths = paths;
        for (DeclaredAgent agent : registry.declared()) {
            String unit = agent.unit();
            if (unit != null) {
                named.add(unit.endsWith(SUFFIX) ? unit : unit + SUFFIX);
            }
        }
        units.forEach(unit -> unit.references().needs().forEach(need -> named.add(need.unit())));
        for (DeclarationFiles.Found other : files.otherUnits()) {
            if (other.name().endsWith(".target")) {
                named.addAll(wanted(other));
            }
        }
        UnitFileReader.triggers(tree, files).stream()
                .filter(trigger -> !trigger.accepts())
                .forEach(trigger -> named.add(trigger.service()));
    }

    /** What a target pulls in. */
    private List<String> wanted(DeclarationFiles.Found target) {
        List<String> wanted = new ArrayList<>();
        if (tree.read(target.targetPath(), LARGEST_UNIT) instanceof ScannedTree.Content.Text text) {
            UnitSettings settings = UnitSettings.parse(text.text(), target.rootPath());
            for (String key : List.of("Wants", "Requires", "BindsTo", "Upholds")) {
                settings.list("Unit", key).forEach(setting -> wanted.addAll(UnitWords.split(setting.value())));
            }
        }
        return wanted;
    }

    /** The names of what is started of a template, without those that the tree holds as links; sorted. */
    List<String> of(ParsedUnit template, Set<String> units) {
        String prefix = template.name().substring(0, template.name().length() - SUFFIX.length());
        Set<String> found = new TreeSet<>();
        for (String unit : named) {
            // After a specifier that nothing answers no name is known.
            if (unit.startsWith(prefix)
                    && unit.endsWith(SUFFIX)
                    && unit.length() > prefix.length() + SUFFIX.length()
                    && unit.indexOf('%') < 0) {
                found.add(unit);
            }
        }
        template.settings()
                .last("Install", "DefaultInstance")
                .filter(instance -> instance.value().indexOf('%') < 0)
                .ifPresent(instance -> found.add(prefix + instance.value() + SUFFIX));
        withFiles(template, prefix, found);
        found.removeAll(units);
        return found.stream().limit(MOST_OF_ONE).toList();
    }

    private void withFiles(ParsedUnit template, String prefix, Set<String> into) {
        String directory = template.workingDirectory().map(Setting::value).orElse("");
        if (!directory.contains("%i") && !directory.contains("%I")) {
            return;
        }
        for (String written : template.environmentFiles()) {
            String path = ParsedUnit.withoutDash(written);
            int at = path.indexOf("%i");
            int slash = path.lastIndexOf('/');
            if (at > slash
                    && slash > 0
                    && paths.locate(path.substring(0, slash))
                            instanceof DeployedPath.Below(String folder, boolean exists, boolean isDirectory)
                    && exists
                    && isDirectory) {
                String before = path.substring(slash + 1, at);
                String after = path.substring(at + 2);
                for (String name : names(folder)) {
                    String instance = name.length() > before.length() + after.length()
                                    && name.startsWith(before)
                                    && name.endsWith(after)
                            ? name.substring(before.length(), name.length() - after.length())
                            : "";
                    if (!instance.isEmpty()
                            && paths.locate(directory.replace("%i", instance).replace("%I", instance))
                                    instanceof DeployedPath.Below(String place, boolean there, boolean ofFolder)
                            && there
                            && ofFolder) {
                        into.add(prefix + instance + SUFFIX);
                    }
                }
            }
        }
    }

    private Set<String> names(String folder) {
        Set<String> names = new TreeSet<>();
        if (tree.look(folder) instanceof ScannedTree.Place.Here here && here.directory()) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(here.file())) {
                for (Path child : children) {
                    if (names.size() >= MOST_OF_ONE) {
                        break;
                    }
                    names.add(child.getFileName().toString());
                }
            } catch (IOException | DirectoryIteratorException e) {
                // The walk that looks for declarations has told it.
                names.clear();
            }
        }
        return names;
    }

    /** The names of the units that were parsed. */
    static Set<String> names(List<ParsedUnit> units) {
        Set<String> names = new HashSet<>();
        units.forEach(unit -> names.add(unit.name()));
        return names;
    }

    /** Those units that are templates without an instance, the first file of each name. */
    static List<ParsedUnit> templates(List<ParsedUnit> units) {
        List<ParsedUnit> templates = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (ParsedUnit unit : units) {
            if (unit.name().endsWith("@.service") && seen.add(unit.name())) {
                templates.add(unit);
            }
        }
        return templates;
    }
}
