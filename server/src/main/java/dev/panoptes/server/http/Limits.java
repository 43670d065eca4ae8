package dev.panoptes.server.http;

/**
 * Who may do how much.
 *
 * @param rates how often somebody may call
 * @param refusals who tries out tokens
 * @param log which refusals have a line of their own
 * @param addresses where calls come from
 */
record Limits(RateLimits rates, Refusals refusals, RefusalLog log, ClientAddress addresses) {}
