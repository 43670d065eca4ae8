package dev.panoptes.server.web;

import dev.panoptes.server.auth.Users;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.http.Pages;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.scans.ScanService;
import dev.panoptes.server.storage.Database;
import java.time.InstantSource;
import java.util.List;

/** The pages for people: makes them over the calls that there are. */
public final class Web {
    private final Pages pages;
    private final List<Resource> resources;

    private Web(Pages pages, List<Resource> resources) {
        this.pages = pages;
        this.resources = List.copyOf(resources);
    }

    /** @param calls of the API, which pages show the answers of @param tls whether cookies may travel over TLS only */
    public static Web over(
            List<Resource> calls,
            Database database,
            ScanService scans,
            Users users,
            InstantSource clock,
            Configuration configuration,
            String version,
            boolean tls) {
        StaticFiles files = new StaticFiles();
        FleetModel fleet =
                new FleetModel(scans, new FleetStore(database), configuration.get(Settings.AGENT_LOST_AFTER), clock);
        Frame frame = new Frame(new ShellStore(database), fleet, files.links(), version, clock);
        InternalCalls inside = new InternalCalls(calls);
        CommandPage command = new CommandPage(
                frame, inside, new CommandStore(database), new LoomStore(database, clock), fleet, scans);
        return new Web(
                new StatusPages(frame, command, scans),
                List.of(
                        files,
                        new SessionPages(users, frame, tls),
                        new ApiPages(frame, inside),
                        new IntegrityPages(frame, inside, new IntegrityStore(database), fleet, scans),
                        new FleetPages(frame, fleet),
                        new AgentPages(frame, inside, fleet, new AgentPageStore(database)),
                        new HostPages(frame, inside, fleet, new HostPageStore(database)),
                        new SettingsPages(frame, inside),
                        new DetectionPages(frame, inside),
                        new RulePages(frame, inside),
                        new EventPages(frame, inside),
                        new TicketPages(frame, inside),
                        new FindResource(fleet, inside),
                        new Exports(inside, fleet, scans)));
    }

    /** Pages that stand in for calls. */
    public Pages pages() {
        return pages;
    }

    /** Pages with paths of their own. */
    public List<Resource> resources() {
        return resources;
    }
}
