package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.declared.DeclarationFiles.Found;
import java.util.ArrayList;
import java.util.List;

/** Reads what quadlets and jobs of Nomad start, and what definitions of Consul register. Bounded; nothing is run. */
final class WorkloadReader {
    private static final int LARGEST = 1 << 19;
    private static final int MOST_FILES = 2_000;
    private static final long MOST_BYTES = 32L << 20;

    private final ScannedTree tree;
    private final DeployedPaths paths;
    private final List<Problem> problems;

    WorkloadReader(ScannedTree tree, DeployedPaths paths, List<Problem> problems) {
        this.tree = tree;
        this.paths = paths;
        this.problems = problems;
    }

    /** What was read. */
    record Read(List<Workload> workloads, List<ServiceEntry> entries) {}

    /** True for a file of Nomad or Consul, or a drop-in of a quadlet. */
    static boolean isCalledSo(String file) {
        String folder = HostProcessReader.folder(file);
        return NomadJobs.isCalledSo(file)
                || ConsulServices.isCalledSo(file)
                || (file.endsWith(".conf") && Quadlets.isDropIns(folder.substring(folder.lastIndexOf('/') + 1)));
    }

    Read read(DeclarationFiles found) throws InterruptedException {
        List<Found> quadlets = new ArrayList<>(found.otherUnits());
        List<ServiceEntry> entries = new ArrayList<>();
        List<Workload> jobs = new ArrayList<>();
        int left = MOST_FILES;
        long bytes = MOST_BYTES;
        for (Found each : found.workloads()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading jobs and service definitions");
            }
            if (each.name().endsWith(".conf")) {
                quadlets.add(each);
                continue;
            }
            if (each.link()) {
                continue;
            }
            if (left-- <= 0 || bytes < 0) {
                problem(
                        "too-many-files",
                        each,
                        Location.WHOLE_FILE,
                        "there are more files of Nomad and Consul than are read");
                break;
            }
            bytes -= hashicorp(each, jobs, entries);
        }
        List<Workload> workloads =
                new ArrayList<>(new Quadlets(tree, paths, quadlets, found.starters(), problems).read());
        workloads.addAll(jobs);
        return new Read(workloads, entries);
    }

    private long hashicorp(Found found, List<Workload> jobs, List<ServiceEntry> entries) {
        boolean nomad = found.name().endsWith(".nomad") || found.name().endsWith(".nomad.hcl");
        switch (tree.read(found.rootPath(), LARGEST)) {
            case Content.Text text -> {
                try {
                    Hcl.Body content = HclParser.parse(text.text());
                    jobs.addAll(NomadJobs.read(found.rootPath(), content, problems));
                    entries.addAll(ConsulServices.read(found.rootPath(), content));
                } catch (HclParser.Malformed e) {
                    // Another program's file may be called so; one of Nomad's that it cannot read is told.
                    if (nomad) {
                        problem(
                                "syntax",
                                found,
                                new Location(e.line(), 1),
                                "the job could not be read: " + e.getMessage());
                    }
                }
                return text.text().length();
            }
            case Content.Absent absent -> {
                return 0;
            }
            case Content.Unreadable(String reason) -> {
                if (nomad) {
                    problem("unreadable-file", found, Location.WHOLE_FILE, "the job " + reason);
                }
                return 0;
            }
        }
    }

    private void problem(String code, Found found, Location location, String message) {
        problems.add(new Problem(code, found.rootPath(), location, message));
    }
}
