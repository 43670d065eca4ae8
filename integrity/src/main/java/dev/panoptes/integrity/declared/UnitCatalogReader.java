package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Registry;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what starts units and what units are made of, and where the tree speaks of what it does not hold. */
final class UnitCatalogReader {
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
        UnitCatalog catalog = new UnitCatalog(UnitFileReader.triggers(tree, found), sources, Map.of());
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
                : new UnitCatalog(catalog.triggers(), catalog.sources(), Mentions.of(tree, found.starters(), missing));
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
