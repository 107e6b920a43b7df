/** Entities with a history: their keys, and the attributes of which a change makes a new version. */
const patient = {
  key: 'patient_key',
  id: 'patient_id',
  attributes: [
    'birth_date',
    'death_date',
    'social_security_number',
    'drivers_license',
    'passport',
    'name_prefix',
    'first_name',
    'middle_name',
    'last_name',
    'name_suffix',
    'maiden_name',
    'marital_status',
    'race',
    'ethnicity',
    'gender',
    'birth_place',
    'address',
    'city',
    'state',
    'county',
    'county_fips',
    'zip',
    'latitude',
    'longitude',
    'healthcare_expenses',
    'healthcare_coverage',
    'income',
  ],
};

const organization = {
  key: 'organization_key',
  id: 'organization_id',
  attributes: [
    'organization_name',
    'organization_address',
    'organization_city',
    'organization_state',
    'organization_zip',
    'organization_phone',
    'organization_npi',
    'latitude',
    'longitude',
  ],
};

module.exports = { patient, organization };
