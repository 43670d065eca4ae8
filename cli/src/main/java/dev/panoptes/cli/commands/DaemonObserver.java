package dev.panoptes.cli.commands;

import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.host.Host;
import dev.panoptes.sensors.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The part of the daemon that observes: it sends a snapshot every minute, and at once where other sockets listen, other services
 * run or unit files changed since a second before, so that a port that changes hands is known while it is new.
 */
final class DaemonObserver implements Runnable {
    private static final Duration EVERY = Duration.ofSeconds(60);
    private static final Duration GLANCE = Duration.ofSeconds(1);
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final String NAME = "observer";

    private final Shell shell;
    private final ServerClient client;
    private final Log log;
    private final Semaphore never = new Semaphore(0);
    private int listening;

    DaemonObserver(Shell shell, ServerClient client, Log log) {
        this.shell = shell;
        this.client = client;
        this.log = log;
    }

    @Override
    public void run() {
        ObservedOptions defaults = new ObservedOptions(new Options(CommandSpec.create()));
        LookAtHost look = new LookAtHost(shell, defaults, null, null, null, false, DEADLINE);
        try {
            listening = glance();
            // It returns only where the first answers show that it can never work; the reason has been told.
            new SendingObserver(look, shell).again(client, EVERY, this::pause);
        } catch (UsageException e) {
            log.error(NAME, e.text());
        } catch (IOException e) {
            log.error(NAME, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return true where other sockets listen, other services run or unit files changed meanwhile */
    private boolean pause(Duration time) throws InterruptedException {
        for (long left = time.toMillis(); left > 0; left -= GLANCE.toMillis()) {
            if (never.tryAcquire(Math.min(left, GLANCE.toMillis()), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody releases it");
            }
            int now = glance();
            if (now != listening) {
                listening = now;
                return true;
            }
        }
        return false;
    }

    private int glance() throws InterruptedException {
        try {
            Host host = Host.live();
            return 31 * host.listeningDigest() + host.unitsDigest();
        } catch (IOException e) {
            // The look every minute sees it.
            return listening;
        }
    }
}
