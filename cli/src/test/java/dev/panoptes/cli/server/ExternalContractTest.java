package dev.panoptes.cli.server;

/** The contract on an operator's PostgreSQL. */
class ExternalContractTest extends Contract {
    ExternalContractTest() {
        super(On.EXTERNAL);
    }
}
