/** Names of what the models of silver will be: delete this file together with the landing of those models. */
declare({ schema: 'silver', name: 'fact_encounter' });
declare({ schema: 'silver', name: 'dim_patient' });
declare({ schema: 'silver', name: 'conditions' });
