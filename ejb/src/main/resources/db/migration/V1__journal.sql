-- H2 and PostgreSQL read the same script: plain types, no dialect.
create table host (
  name          varchar(64)  primary key,
  uri           varchar(2000) not null unique,
  registered_at timestamp(6) with time zone not null
);

create table evacuation (
  id              uuid         primary key,
  kind            varchar(16)  not null,
  host            varchar(64)  not null,
  deadline        timestamp(6) with time zone,
  state           varchar(16)  not null,
  origin          varchar(200) not null,
  execution       bigint       not null,
  failure_code    varchar(40),
  failure_number  integer,
  failure_message varchar(4000),
  created_at      timestamp(6) with time zone not null,
  finished_at     timestamp(6) with time zone
);
create index evacuation_host on evacuation (host, created_at);

create table migration (
  id              uuid         primary key,
  evacuation      uuid,
  position        integer      not null,
  domain_uuid     uuid         not null,
  domain_name     varchar(512) not null,
  memory_mib      bigint       not null,
  source          varchar(64)  not null,
  source_uri      varchar(2000) not null,
  destination     varchar(64),
  destination_uri varchar(2000),
  flags           bigint       not null,
  dname           varchar(512),
  hostname        varchar(512),
  params          varchar(100000),
  state           varchar(16)  not null,
  failure_code    varchar(40),
  failure_number  integer,
  failure_message varchar(4000),
  prior_state     integer,
  prior_reason    integer,
  finish_order    integer      not null,
  bytes           bigint       not null,
  downtime_ms     bigint       not null,
  created_at      timestamp(6) with time zone not null,
  started_at      timestamp(6) with time zone,
  finished_at     timestamp(6) with time zone,
  new_name        varchar(512)
);
create index migration_evacuation on migration (evacuation, finish_order);
create index migration_state on migration (state);
