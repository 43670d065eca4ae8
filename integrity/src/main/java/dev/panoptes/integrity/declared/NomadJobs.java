package dev.panoptes.integrity.declared;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.declared.Hcl.Block;
import dev.panoptes.integrity.declared.Hcl.Body;
import dev.panoptes.integrity.declared.Workload.Asked;
import dev.panoptes.integrity.declared.Workload.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the jobs of Nomad (Nomad, "Job Specification"): each group is a workload. What variables, functions and templates make is
 * not followed.
 */
final class NomadJobs {
    private static final int MOST_GROUPS = 500;

    private final String file;
    private final List<Problem> problems;

    private NomadJobs(String file, List<Problem> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** True for a file that may hold a job. */
    static boolean isCalledSo(String file) {
        String lower = file.toLowerCase(Locale.ROOT);
        return (lower.endsWith(".nomad") || lower.endsWith(".hcl"))
                && !lower.endsWith(".lock.hcl")
                && !lower.endsWith("terragrunt.hcl")
                && !lower.endsWith(".pkr.hcl");
    }

    static List<Workload> read(String file, Body content, List<Problem> problems) {
        List<Workload> workloads = new ArrayList<>();
        NomadJobs jobs = new NomadJobs(file, problems);
        for (Block job : content.all("job")) {
            if (!job.label().isEmpty()) {
                jobs.groups(job, workloads);
            }
        }
        return workloads;
    }

    private void groups(Block job, List<Workload> into) {
        List<Block> groups = new ArrayList<>(job.body().all("group"));
        // A task of the job itself is a group of its own.
        job.body()
                .all("task")
                .forEach(task -> groups.add(new Block(
                        "group", task.labels(), new Body(Map.of(), List.of(task), task.line()), task.line())));
        boolean system = "system".equals(job.body().text("type"));
        for (Block group : groups) {
            if (into.size() >= MOST_GROUPS) {
                problems.add(new Problem(
                        "too-many-groups", file, new Location(group.line(), 1), "there are more groups than are read"));
                return;
            }
            into.add(workload(job, group, groups.size() == 1, system));
        }
    }

    private Workload workload(Block job, Block group, boolean only, boolean system) {
        Body body = group.body();
        NomadNetwork network = NomadNetwork.of(file, body);
        List<Refusal> refusals = new ArrayList<>(network.collisions());
        List<Asked> asked = new ArrayList<>();
        List<Block> tasks =
                body.all("task").stream().filter(task -> !endsBefore(task)).toList();
        List<ComposeFile.Service> containers = new ArrayList<>();
        List<HostProcess> processes = new ArrayList<>();
        List<ComposeFile.Published> ports = new ArrayList<>();
        boolean hostTask = false;
        String unknown = network.unknown();
        for (Block task : tasks) {
            List<String> names = names(job, group, task, only && tasks.size() == 1, tasks.size() == 1);
            NomadTask read = new NomadTask(file, task, names, network);
            refusals.addAll(read.refusals());
            if (read.isContainer()) {
                containers.add(read.container());
                ports.addAll(read.published());
                hostTask |= read.onHost();
            } else {
                processes.add(read.process());
                hostTask |= !network.bridge();
            }
            services(task.body(), network, asked, refusals);
        }
        services(body, network, asked, refusals);
        boolean host = !network.bridge() && hostTask && ports.isEmpty();
        // A program on the host's network, and one beside others, is reached at the port that the job reserves for it.
        if (host) {
            network.reserved().forEach((label, port) -> asked.add(new Asked(null, port, network.evidence(label))));
        }
        boolean started = !"0".equals(body.text("count"));
        return new Workload(
                Workload.Kind.NOMAD,
                only ? job.label() : job.label() + "/" + group.label(),
                file,
                group.line(),
                host,
                host ? List.of() : network.bridge() ? network.published() : ports,
                started ? containers : List.of(),
                started ? processes : List.of(),
                asked,
                refusals,
                system ? file + " " + job.label() : file + " " + job.label() + " " + group.line(),
                unknown);
    }

    /** What prepares or clears up runs to its end; a sidecar runs along (Nomad, "lifecycle block"). */
    private static boolean endsBefore(Block task) {
        Body lifecycle = task.body().first("lifecycle");
        return lifecycle != null
                && !"true".equals(lifecycle.text("sidecar"))
                && !"poststart".equals(lifecycle.text("hook"))
                && !lifecycle.isOpen("sidecar");
    }

    /** What the task is called, the name of its launch first. */
    private static List<String> names(Block job, Block group, Block task, boolean only, boolean alone) {
        List<String> names = new ArrayList<>();
        task.body().all("service").forEach(service -> add(service.body().text("name"), names));
        if (alone) {
            group.body().all("service").forEach(service -> add(service.body().text("name"), names));
        }
        if (only) {
            add(job.label(), names);
        }
        if (alone) {
            add(group.label(), names);
        }
        add(task.label(), names);
        return names.isEmpty() ? List.of("task") : names;
    }

    private static void add(@Nullable String name, List<String> names) {
        if (name != null && !name.isBlank() && !names.contains(name)) {
            names.add(name);
        }
    }

    /** The ports that services are registered with and asked at. */
    private void services(Body body, NomadNetwork network, List<Asked> asked, List<Refusal> refusals) {
        for (Block service : body.all("service")) {
            Map<String, Body> holders = new HashMap<>();
            holders.put("the service " + service.body().text("name"), service.body());
            int number = 0;
            for (Block check : service.body().all("check")) {
                holders.put("a check of the service " + service.body().text("name") + " " + ++number, check.body());
            }
            holders.forEach((what, holder) -> {
                String label = holder.text("port");
                if (label == null || label.isEmpty() || label.startsWith("connect-proxy-")) {
                    return;
                }
                Evidence evidence = new Evidence("launch", file, holder.line("port"), "port = \"" + label + "\"");
                if (label.matches("[0-9]{1,5}")) {
                    asked.add(new Asked(null, NomadNetwork.number(label), evidence));
                } else if (network.lacks(label)) {
                    refusals.add(new Refusal(
                            what.replaceAll(" [0-9]+$", "") + " names the port " + label
                                    + ", which no network declares",
                            "Declare port \"" + label + "\" in the group's network, or name one that is declared",
                            evidence));
                }
            });
        }
    }
}
