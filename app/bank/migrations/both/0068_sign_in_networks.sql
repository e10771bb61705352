-- Failed sign-ins of a network in an hour over all names, so that one password tried with many names is slowed down and noticed
-- (docs/domain.md §12). The network is a blind index.
CREATE TABLE sign_in_networks (
    -- When the hour begins, UTC milliseconds.
    hour_begins BIGINT NOT NULL,
    network_index TEXT NOT NULL,
    failures BIGINT NOT NULL CONSTRAINT sign_in_networks_counted CHECK (failures > 0),
    PRIMARY KEY (hour_begins, network_index)
);
