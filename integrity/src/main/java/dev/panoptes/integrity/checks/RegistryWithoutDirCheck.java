package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.DirectoryLink;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An agent whose directory is not there. Does not apply to agents that have none by declaration: those with {@code exe} and
 * no {@code path}, those of which the registry names a unit that is there, those whose compose service runs an image that is not built here, and those of a host of which the tree
 * holds no agent's code.
 */
final class RegistryWithoutDirCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "registry-without-dir", Severity.HIGH, CheckGroup.CODE, "a declared agent has no directory of code");
    }

    @Override
    public List<CheckResult> run(World world) {
        if (world.declarations() == null) {
            return List.of();
        }
        CodeView view = CodeView.of(world);
        Hints hints = new Hints(view);
        Set<String> hostsWithCode = new HashSet<>(List.of(DeclaredHost.LOCAL));
        for (DeclaredAgent agent : view.registry().agents()) {
            if (view.links().link(agent) instanceof DirectoryLink.Linked) {
                hostsWithCode.add(view.registry().hostOf(agent));
            }
        }
        List<CheckResult> results = new ArrayList<>();
        for (DeclaredAgent agent : view.registry().agents()) {
            // Without an agents path nobody has said that there is code to look for.
            boolean expected = agent.path() != null
                    || (world.declarations().agentsPath() != null
                            && agent.exe() == null
                            // The unit that the registry names says where the code is.
                            && (agent.unit() == null
                                    || view.links().units(agent).isEmpty())
                            && hostsWithCode.contains(view.registry().hostOf(agent))
                            && !isImage(agent, view));
            switch (view.links().link(agent)) {
                case DirectoryLink.Linked unused -> results.add(new CheckResult.Pass(agent.key()));
                case DirectoryLink.WithoutCode unused -> results.add(new CheckResult.Pass(agent.key()));
                case DirectoryLink.Missing(String wanted) -> {
                    if (expected && isStarted(agent, view)) {
                        results.add(new CheckResult.Pass(agent.key()));
                    } else if (expected) {
                        results.add(missing(agent, wanted, view, hints));
                    }
                }
                case DirectoryLink.Unclear(String reason) -> {
                    if (expected) {
                        results.add(new CheckResult.Unknown(agent.key(), reason));
                    }
                }
            }
        }
        return results;
    }

    /** Something of the host that is called so starts a program of the tree, wherever that lies. */
    private static boolean isStarted(DeclaredAgent agent, CodeView view) {
        String key = Keys.link(agent.key());
        return view.links().launches().all().stream()
                .filter(launch -> launch.program() != null && launch.onHost())
                .map(launch -> launch.id().substring(launch.id().lastIndexOf('#') + 1))
                .anyMatch(name -> Keys.link(name).equals(key));
    }

    private static boolean isImage(DeclaredAgent agent, CodeView view) {
        List<ComposeFile.Service> services = view.links().services(agent);
        List<Launch> launches = view.links().launches(agent);
        boolean elsewhere = !launches.isEmpty()
                && launches.stream()
                        .allMatch(launch -> launch.kind() == Launch.Kind.WORKLOAD
                                && launch.program() == null
                                && launch.directory() == null);
        return elsewhere
                || (!services.isEmpty()
                        && services.stream().allMatch(service -> service.build() == null && service.image() != null));
    }

    private static CheckResult missing(DeclaredAgent agent, String wanted, CodeView view, Hints hints) {
        Failure.Builder failure = Failure.of(agent.key())
                .host(view.registry().hostOf(agent))
                .title(agent.key() + " is declared but has no directory")
                .affected(agent.key())
                .evidence(view.declared(agent))
                .recommend("Restore " + wanted + ", say in the registry where the code is (path), or remove the agent");
        Map<CodeDirectory, List<Evidence>> found = hints.directories(agent);
        found.values().forEach(failure::evidence);
        List<String> paths = found.keySet().stream().map(CodeDirectory::path).toList();
        return failure.description("The registry declares " + agent.key() + ", but there is no " + wanted + "."
                        + (paths.isEmpty() ? "" : " Renamed to " + Words.list(paths) + "?"))
                .fail();
    }
}
