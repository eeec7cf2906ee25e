-- who shall drive a migration, where its request says so; null leaves it to the driver
alter table migration add column wanted_mode varchar(16);
