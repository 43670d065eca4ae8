package dev.panoptes.server.storage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what has been kept long enough, in small transactions, so that nobody waits for it. What is more than one run
 * takes is left to the next one.
 */
public final class Retention {
    /** Rows of one transaction. */
    static final int ROWS_AT_ONCE = 500;
    /** Transactions of one rule in one run. */
    static final int MOST_PIECES = 40;

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final Database database;
    private final InstantSource clock;
    private final List<Rule> rules;

    /** @param rules in the order in which they are applied */
    public Retention(Database database, InstantSource clock, List<Rule> rules) {
        this.database = database;
        this.clock = clock;
        this.rules = List.copyOf(rules);
    }

    /** How long something is kept. @param name for the log */
    public record Rule(String name, Duration keep, Piece piece) {}

    /** Takes away a piece of what is too old; its table's only writer offers it. */
    @FunctionalInterface
    public interface Piece {
        /**
         * @param before what is older goes
         * @return how many rows went; fewer than {@code limit} where nothing is left
         */
        int forget(Transaction transaction, Instant before, int limit);
    }

    /** Applies every rule. One that has to wait for somebody's lock is left to the next run. */
    public void run() {
        Instant now = clock.instant();
        for (Rule rule : rules) {
            try {
                long gone = apply(rule, now.minus(rule.keep()));
                if (gone > 0) {
                    LOG.atInfo()
                            .addKeyValue("what", rule.name())
                            .addKeyValue("rows", gone)
                            .log("forgot what was kept long enough");
                }
            } catch (DatabaseUnavailable e) {
                LOG.atWarn().setCause(e).addKeyValue("what", rule.name()).log("retention waits for its next run");
            }
        }
    }

    private long apply(Rule rule, Instant before) {
        long gone = 0;
        for (int piece = 0; piece < MOST_PIECES; piece++) {
            int rows = database.transaction(transaction -> rule.piece().forget(transaction, before, ROWS_AT_ONCE));
            gone += rows;
            if (rows < ROWS_AT_ONCE) {
                break;
            }
        }
        return gone;
    }
}
