package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Registry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what starts units and what units are made of, and where the tree speaks of what it does not hold. */
final class UnitCatalogReader {
    private static final int LARGEST_UNIT = 1024 * 1024;

    private final ScannedTree tree;
    private final DeployedPaths paths;

    UnitCatalogReader(ScannedTree tree, DeployedPaths paths) {
        this.tree = tree;
        this.paths = paths;
    }

    UnitCatalog read(DeclarationFiles found, List<UnitFile> units, List<ComposeFile> composeFiles, Registry registry)
            throws InterruptedException {
        Set<String> sources = new HashSet<>();
        found.otherUnits().forEach(each -> sources.add(each.name()));
        List<String> files = new ArrayList<>();
        UnitCatalog catalog =
                new UnitCatalog(UnitFileReader.triggers(tree, found), sources, ignored(found, files), files, Map.of());
        Set<String> missing = new LinkedHashSet<>();
        for (UnitCatalog.Trigger trigger : catalog.triggers()) {
            absent(trigger.service(), catalog, units, missing);
        }
        for (UnitFile unit : units) {
            unit.details().references().needs().forEach(need -> absent(need.unit(), catalog, units, missing));
            for (UnitFile.EnvironmentFile file : unit.details().references().environmentFiles()) {
                if (paths.locate(file.path())
                                instanceof DeployedPath.Below(String rootPath, boolean exists, boolean folder)
                        && !exists) {
                    missing.add(name(rootPath));
                }
            }
        }
        for (DeclaredAgent agent : registry.declared()) {
            String unit = agent.unit();
            if (unit != null) {
                absent(unit.endsWith(".service") ? unit : unit + ".service", catalog, units, missing);
            }
        }
        for (ComposeFile file : composeFiles) {
            for (ComposeFile.Service service : file.services()) {
                for (ComposeFile.EnvironmentFile each : service.details().environmentFiles()) {
                    if (each.rootPath() != null
                            && paths.below(each.rootPath())
                                    instanceof DeployedPath.Below(String rootPath, boolean exists, boolean folder)
                            && !exists) {
                        missing.add(name(rootPath));
                    }
                }
            }
        }
        return missing.isEmpty()
                ? catalog
                : new UnitCatalog(
                        catalog.triggers(),
                        catalog.sources(),
                        catalog.ignored(),
                        catalog.files(),
                        Mentions.of(tree, found.starters(), missing));
    }

    /** @param files gets every unit and drop-in that was read for it */
    private List<UnitCatalog.Ignored> ignored(DeclarationFiles found, List<String> files) throws InterruptedException {
        List<UnitCatalog.Ignored> ignored = new ArrayList<>();
        UnitKeys keys = UnitKeys.read();
        for (List<DeclarationFiles.Found> each : List.of(found.units(), found.dropIns(), found.triggers())) {
            for (DeclarationFiles.Found file : each) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while reading settings of units");
                }
                if (!file.link()
                        && tree.read(file.targetPath(), LARGEST_UNIT) instanceof Content.Text(String text, String d)) {
                    files.add(file.rootPath());
                    ignored.addAll(keys.ignored(kind(file), UnitSettings.whole(text, file.rootPath())));
                }
            }
        }
        return ignored;
    }

    /** The suffix of the unit that a file, or the folder of a drop-in, is called after. */
    private static String kind(DeclarationFiles.Found file) {
        String unit = file.rootPath();
        if (unit.endsWith(".conf")) {
            unit = unit.substring(0, unit.lastIndexOf('/')).replaceFirst("\\.d$", "");
        }
        return unit.substring(unit.lastIndexOf('.') + 1);
    }

    private static void absent(String unit, UnitCatalog catalog, List<UnitFile> units, Set<String> into) {
        if (!catalog.provides(unit, units)) {
            into.add(unit);
        }
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
